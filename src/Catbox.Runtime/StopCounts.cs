using System.Collections.Immutable;

namespace Catbox.Runtime;

/// <summary>How often the guest was stopped, by kind.</summary>
/// <param name="Seccomp">Judged calls.</param>
/// <param name="Fork">fork, vfork, clone events.</param>
/// <param name="Exec">exec events.</param>
/// <param name="ChildStart">First stops of new processes and threads.</param>
/// <param name="Signal">Signal-delivery stops.</param>
/// <param name="Group">Group stops.</param>
/// <param name="Other">Everything else.</param>
/// <param name="BySyscall">The judged calls by name.</param>
public sealed record StopCounts(
    long Seccomp, long Fork, long Exec, long ChildStart, long Signal, long Group, long Other, ImmutableSortedDictionary<string, long> BySyscall)
{
    /// <summary>All of them.</summary>
    public long Total => Seccomp + Fork + Exec + ChildStart + Signal + Group + Other;
}
