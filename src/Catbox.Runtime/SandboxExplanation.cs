using System.Collections.Immutable;
using Catbox.Policy;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Rules;
using Catbox.Runtime.Launching;

namespace Catbox.Runtime;

/// <summary>Tells what would hold the rules of a session, on this machine and now, without starting it.</summary>
public static class SandboxExplanation
{
    /// <summary>
    /// The rules that <see cref="SandboxResult.Rules"/> would tell of. The session's TMPDIR, which has no name yet, stands there as
    /// <c>TMPDIR</c> in the directory where it would be made.
    /// </summary>
    /// <exception cref="PolicyException">The policy is not valid.</exception>
    /// <exception cref="SandboxLaunchException">A Landlock floor is required, and there is none.</exception>
    public static ImmutableArray<RuleEnforcement> Of(SandboxSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var temporary = spec.PrivateTemporaryDirectory && !spec.Policy.Strict ? TemporaryDirectories.Assumed() : (GuestString?)null;
        var floor = LandlockFloor.Plan(spec, temporary, new LandlockPaths(temporary), abi: null);
        _ = CompiledPolicy.Compile(spec.Policy, new PolicyContext());
        return LandlockFloor.Rules(spec, temporary, floor);
    }

    /// <summary>The writable paths of a session that would allow nothing: their directory is not there, nor to be made by the guest.</summary>
    /// <exception cref="PolicyException">The policy is not valid.</exception>
    /// <exception cref="SandboxLaunchException">A Landlock floor is required, and there is none.</exception>
    public static ImmutableArray<string> Unreachable(SandboxSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return LandlockFloor.Plan(spec, temporary: null, new LandlockPaths(), abi: null).Unreachable;
    }
}
