using System.Reflection;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>The libraries give out what a user writes, starts and reads. Everything else is theirs to change.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_policy_gives_out_policies_and_what_they_consist_of() => Assert.Equal(
        [
            "Enforcement.EnforcementLevel", "Enforcement.RuleEnforcement", "Errno", "Files.PolicyFile", "Files.PolicyFileFormat", "Judging.ViolationSubject",
            "Landlock.LandlockMode", "PolicyException", "Rules.NetworkDirection", "Rules.NetworkMode", "Rules.NetworkRule", "Rules.NetworkRuleParser",
            "Rules.OnViolation", "Rules.SandboxPolicy", "Rules.SandboxPolicyExtensions",
        ],
        PublicTypes(typeof(SandboxPolicy).Assembly));

    [Fact]
    public void The_runtime_gives_out_specs_runners_events_results_and_hosting() => Assert.Equal(
        [
            "CanonicalPath", "CanonicalPathException", "DaemonPolicy", "Diagnostics.MachineCheck", "Diagnostics.MachineCheckState",
            "Diagnostics.MachineReport", "EndReason", "ExitStatus", "GuestStream", "GuestStreamKind", "GuestString", "Hosting.CatboxActors",
            "Hosting.CatboxActors+Sandboxes", "Hosting.CatboxAkkaHostingExtensions", "Hosting.CatboxOptions", "Hosting.CatboxServiceCollectionExtensions",
            "ISandboxRunner", "PathText", "ProcessExecuted", "ProcessExited", "ProcessRecord", "ProcessStarted", "Sandbox", "SandboxEvent",
            "SandboxException", "SandboxExplanation", "SandboxHooks", "SandboxLaunchException", "SandboxResult", "SandboxRunner", "SandboxRunnerOptions",
            "SandboxSpec", "StopCounts", "Violation",
        ],
        PublicTypes(typeof(SandboxSpec).Assembly));

    private static IEnumerable<string> PublicTypes(Assembly assembly) => assembly.GetExportedTypes()
        .Select(type => type.FullName![(assembly.GetName().Name!.Length + 1)..])
        .Order(StringComparer.Ordinal);
}
