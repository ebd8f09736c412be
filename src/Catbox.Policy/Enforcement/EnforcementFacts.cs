using System.Collections.Immutable;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Policy.Enforcement;

/// <summary>What the levels of a session's rules follow from.</summary>
internal sealed record EnforcementFacts
{
    /// <summary>The policy.</summary>
    public required SandboxPolicy Policy { get; init; }
    /// <summary>The session's Landlock domain, which may be empty.</summary>
    public required LandlockPlan Floor { get; init; }
    /// <summary>The session's own writable paths (its TMPDIR), canonical, bytes.</summary>
    public ImmutableArray<ImmutableArray<byte>> SessionWritable { get; init; } = [];
    /// <summary>Whether the tracer is root: file modes then protect nothing.</summary>
    public bool TracerIsRoot { get; init; }
    /// <summary>Whether the kernel can seal memory (mseal(2), Linux 6.10).</summary>
    public bool CanSeal { get; init; }
    /// <summary>Whether the engine seals what it judged before a call goes on (paths, addresses, messages); counts only with <see cref="CanSeal"/>.</summary>
    public bool ArgumentsAreSealed { get; init; }
    /// <summary>Whether the engine makes calls on metadata and directories itself, on what it judged.</summary>
    public bool CallsAreOnBehalf { get; init; }
}
