using System.Collections.Immutable;
using Catbox.Policy.Rules;

namespace Catbox.Policy.Landlock;

/// <summary>
/// A Landlock domain for one session, as data: what it handles, what it grants, and how the policy's rules fare in it. It never refuses what the judge
/// allows; where it cannot say as much as the policy, it allows more.
/// </summary>
internal sealed record LandlockPlan
{
    /// <summary>The ABI version that it is made for.</summary>
    public required int Abi { get; init; }
    /// <summary>LANDLOCK_ACCESS_FS_* that are refused where no rule grants them.</summary>
    public ulong HandledFiles { get; init; }
    /// <summary>LANDLOCK_ACCESS_NET_* that are refused where no rule grants them.</summary>
    public ulong HandledNetwork { get; init; }
    /// <summary>LANDLOCK_SCOPE_*.</summary>
    public ulong Scoped { get; init; }
    /// <summary>Rules on paths; no path comes twice.</summary>
    public ImmutableArray<LandlockPathRule> Paths { get; init; } = [];
    /// <summary>Rules on TCP ports, by rising port.</summary>
    public ImmutableArray<LandlockPortRule> Ports { get; init; } = [];
    /// <summary>
    /// Standard streams (0–2) that the guest is given for writing: what is behind them is granted <see cref="StreamAccess"/>, so that it can be opened
    /// again by <c>/dev/stdout</c>.
    /// </summary>
    public ImmutableArray<int> Streams { get; init; } = [];
    /// <summary>What is granted on <see cref="Streams"/>.</summary>
    public ulong StreamAccess { get; init; }

    /// <summary>
    /// Paths (bytes) that the judge must keep where they are: a rule holds on the directory or device that was there, not on its name, so that one made
    /// anew under that name would be refused. The same on every kernel, so that a session's behaviour does not depend on its Landlock.
    /// </summary>
    public ImmutableArray<ImmutableArray<byte>> Pinned { get; init; } = [];

    /// <summary>
    /// Writable patterns whose directory is not there, and is not to be made by the guest either: the judge is to leave them out. Should somebody else make
    /// that directory during the session, the domain would refuse what the judge allowed. The same on every kernel.
    /// </summary>
    public ImmutableArray<string> Unreachable { get; init; } = [];

    /// <summary>
    /// Files are handled, and no writable directory is the file system of message queues: where it is not mounted there is nothing that a rule could be on, and a queue
    /// would be made and not opened.
    /// </summary>
    public bool QueuesAreShut { get; init; }

    /// <summary>What became of the policy's writable paths, in their order.</summary>
    public ImmutableArray<LandlockExpression> Writable { get; init; } = [];

    /// <summary>Directories (text) where the domain allows more than the policy, deepest name last; empty where writes are bounded exactly.</summary>
    public ImmutableArray<string> WideDirectories { get; init; } = [];

    /// <summary>Why files are not handled, a clause; null where they are.</summary>
    public string? WhyNoFiles { get; init; }

    /// <summary>Why there is no domain at all, a clause; null where there is one.</summary>
    public string? WhyNone { get; init; }

    /// <summary>The policy without its unreachable paths, for the judge.</summary>
    public SandboxPolicy Reachable(SandboxPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Unreachable.IsEmpty ? policy : policy with { Writable = [.. policy.Writable.Where(pattern => !Unreachable.Contains(pattern))] };
    }

    /// <summary>True where a session has no domain.</summary>
    public bool IsEmpty => (HandledFiles | HandledNetwork | Scoped) == 0;
}
