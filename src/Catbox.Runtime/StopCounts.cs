using System.Collections.Immutable;

namespace Catbox.Runtime;

/// <summary>How often the guest was stopped, by kind. Counts compare by value.</summary>
public sealed record StopCounts
{
    /// <summary>Judged calls.</summary>
    public long Seccomp { get; init; }
    /// <summary>fork, vfork, clone events.</summary>
    public long Fork { get; init; }
    /// <summary>exec events.</summary>
    public long Exec { get; init; }
    /// <summary>First stops of new processes and threads.</summary>
    public long ChildStart { get; init; }
    /// <summary>Signal-delivery stops.</summary>
    public long Signal { get; init; }
    /// <summary>Group stops.</summary>
    public long Group { get; init; }
    /// <summary>Everything else.</summary>
    public long Other { get; init; }
    /// <summary>The judged calls by name.</summary>
    public ImmutableSortedDictionary<string, long> BySyscall { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>All of them.</summary>
    public long Total => Seccomp + Fork + Exec + ChildStart + Signal + Group + Other;

    /// <summary>Compares by value, the counts of each call included.</summary>
    public bool Equals(StopCounts? other) =>
        other is not null && Seccomp == other.Seccomp && Fork == other.Fork && Exec == other.Exec && ChildStart == other.ChildStart
        && Signal == other.Signal && Group == other.Group && Other == other.Other && BySyscall.Count == other.BySyscall.Count
        && BySyscall.All(one => other.BySyscall.TryGetValue(one.Key, out var count) && count == one.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Seccomp, Fork, Exec, ChildStart, Signal, Group, Other, BySyscall.Count);
}
