using System.Collections.Immutable;
using Catbox.Policy;
using Catbox.Policy.Enforcement;

namespace Catbox.Runtime;

/// <summary>What a run came to. Results compare by value.</summary>
public sealed record SandboxResult
{
    /// <summary>What ended it.</summary>
    public required EndReason Reason { get; init; }
    /// <summary>How the first process ended.</summary>
    public required ExitStatus Exit { get; init; }
    /// <summary>The violations kept, in order per process.</summary>
    public required ImmutableArray<Violation> Violations { get; init => field = value.OrEmpty(); }
    /// <summary>How many there were, kept or not.</summary>
    public required long ViolationCount { get; init; }
    /// <summary>The fork tree, by rising generation.</summary>
    public required ImmutableArray<ProcessRecord> Processes { get; init => field = value.OrEmpty(); }
    /// <summary>From launch to end.</summary>
    public required TimeSpan WallTime { get; init; }
    /// <summary>CPU time in user mode, of all processes.</summary>
    public required TimeSpan UserTime { get; init; }
    /// <summary>CPU time in the kernel, of all processes.</summary>
    public required TimeSpan SystemTime { get; init; }
    /// <summary>The largest peak of one process, bytes.</summary>
    public required long PeakMemory { get; init; }
    /// <summary>The rules that were in force, and what held each of them.</summary>
    public ImmutableArray<RuleEnforcement> Rules { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Stops by kind.</summary>
    public required StopCounts Stops { get; init; }
    /// <summary>The operation, pid and errno that made the session fail; null unless <see cref="Reason"/> is <see cref="EndReason.Faulted"/> or
    /// <see cref="EndReason.HookFailed"/>.</summary>
    public string? Fault { get; init; }
    /// <summary>What of the private TMPDIR could not be removed, and why; null where nothing is left.</summary>
    public string? Leftover { get; init; }

    /// <summary>Compares by value: the violations, processes and rules, too.</summary>
    public bool Equals(SandboxResult? other) =>
        other is not null && Reason == other.Reason && Exit == other.Exit && Violations.HasSame(other.Violations)
        && ViolationCount == other.ViolationCount && Processes.HasSame(other.Processes) && WallTime == other.WallTime && UserTime == other.UserTime
        && SystemTime == other.SystemTime && PeakMemory == other.PeakMemory && Rules.HasSame(other.Rules) && Stops == other.Stops
        && Fault == other.Fault && Leftover == other.Leftover;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Reason, Exit, Violations.HashOfItems(), Processes.HashOfItems(), Rules.HashOfItems(), WallTime, Stops, Fault);
}
