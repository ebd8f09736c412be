using System.Collections.Immutable;
using Catbox.Policy;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Launching;

/// <summary>Asks this machine for Landlock, and makes a session's floor.</summary>
internal static class LandlockFloor
{
    /// <summary>The plan of a session, without its standard streams: those are opened after the policy was found to be valid.</summary>
    /// <param name="spec">What runs.</param>
    /// <param name="temporary">The private TMPDIR, or null.</param>
    /// <param name="paths">The file system.</param>
    /// <param name="abi">The ABI version to take the kernel's for; null asks the kernel.</param>
    /// <exception cref="PolicyException">A writable path is not valid.</exception>
    /// <exception cref="SandboxLaunchException">A floor is required, and there is none.</exception>
    public static LandlockPlan Plan(SandboxSpec spec, GuestString? temporary, ILandlockPaths paths, int? abi)
    {
        var error = Probes.Landlock(out var found);
        var plan = LandlockPlanner.Plan(
            new LandlockInput
            {
                Policy = spec.Policy,
                SessionWritable = temporary is { } path ? [[.. path.Bytes]] : [],
                Abi = abi ?? found,
                Mode = spec.Landlock,
            },
            paths);
        if (spec.Landlock == LandlockMode.Require && plan.WhyNone is { } why)
        {
            throw new SandboxLaunchException(
                $"Landlock is required, and there can be no floor: {why}" + (error.IsSuccess ? "" : $" ({error})"),
                "landlock_create_ruleset",
                0,
                error.IsSuccess ? Errno.EOPNOTSUPP : error);
        }

        return plan;
    }

    /// <summary>
    /// Whether a core dump lands only where the policy lets something be written. The kernel makes it by itself, in the working directory or wherever core_pattern says, and asks
    /// nobody but Landlock: so the domain has to be as narrow as the rules. Where everything may be written there is no outside.
    /// </summary>
    public static bool HoldsCoreDumps(SandboxSpec spec, LandlockPlan plan)
    {
        var policy = spec.Policy;
        if (policy.OnViolation == OnViolation.Log)
        {
            return true;
        }

        var hasDenied = !(policy.DenyWrite.IsDefaultOrEmpty && policy.DenyRead.IsDefaultOrEmpty && policy.Silent.IsDefaultOrEmpty);
        var isExact = (plan.HandledFiles & LandlockBits.LANDLOCK_ACCESS_FS_MAKE_REG) != 0 && plan.WideDirectories.IsEmpty;
        return !hasDenied && (isExact || policy.Writable.Contains("/"));
    }

    /// <summary>What holds each rule of a session.</summary>
    public static ImmutableArray<RuleEnforcement> Rules(SandboxSpec spec, GuestString? temporary, LandlockPlan plan) => EnforcementReport.Of(new EnforcementFacts
    {
        Policy = spec.Policy,
        Floor = plan,
        SessionWritable = temporary is { } path ? [[.. path.Bytes]] : [],
        TracerIsRoot = Identity.EffectiveUser == 0,
#if CATBOX_TEST_BUILD
        CanSeal = SealCheck.Works && !spec.WithoutMseal,
        ArgumentsAreSealed = !spec.JudgesAndContinues,
        CallsAreOnBehalf = !spec.JudgesAndContinues,
#else
        CanSeal = SealCheck.Works,
        ArgumentsAreSealed = true,
        CallsAreOnBehalf = true,
#endif
    });

    /// <summary>The two descriptors that a launch gets for its ruleset and for one path after the other: the kernel gives the lowest that is free.</summary>
    /// <param name="streams">What becomes 0, 1 and 2; -1 leaves the host's own, which may be closed.</param>
    public static (int Ruleset, int Path) Descriptors(ReadOnlySpan<int> streams)
    {
        var free = new List<int>();
        for (var fd = 0; fd < streams.Length; fd++)
        {
            if (streams[fd] < 0 && !Io.IsInherited(fd))
            {
                free.Add(fd);
            }
        }

        free.AddRange([streams.Length, streams.Length + 1]);
        return (free[0], free[1]);
    }
}
