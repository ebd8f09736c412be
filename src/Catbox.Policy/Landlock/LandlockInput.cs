using System.Collections.Immutable;
using Catbox.Policy.Rules;

namespace Catbox.Policy.Landlock;

/// <summary>What a plan is made of.</summary>
internal sealed record LandlockInput
{
    /// <summary>The policy.</summary>
    public required SandboxPolicy Policy { get; init; }
    /// <summary>The session's own writable paths (its TMPDIR), canonical, bytes.</summary>
    public ImmutableArray<ImmutableArray<byte>> SessionWritable { get; init; } = [];
    /// <summary>The kernel's ABI version; 0 or below where it has no Landlock.</summary>
    public required int Abi { get; init; }
    /// <summary>What was asked for.</summary>
    public LandlockMode Mode { get; init; }
}
