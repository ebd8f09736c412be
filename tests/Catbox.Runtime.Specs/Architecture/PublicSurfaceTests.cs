using System.Reflection;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Rules;
using Catbox.Runtime.Diagnostics;
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
            "SandboxException", "SandboxExplanation", "SandboxHooks", "SandboxJson", "SandboxLaunchException", "SandboxResult", "SandboxRunner", "SandboxRunnerOptions",
            "SandboxSpec", "StopCounts", "Violation",
        ],
        PublicTypes(typeof(SandboxSpec).Assembly));

    [Fact]
    public void Nobody_else_derives_a_sandbox_or_an_event()
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var open = new[] { typeof(Sandbox), typeof(SandboxEvent) }
            .SelectMany(type => type.GetConstructors(All))
            .Where(constructor => !constructor.IsFamilyAndAssembly && !IsCopying(constructor));
        Assert.Empty(open);
    }

    [Theory]
    [InlineData(typeof(SandboxResult))]
    [InlineData(typeof(ProcessRecord))]
    [InlineData(typeof(StopCounts))]
    [InlineData(typeof(Violation))]
    [InlineData(typeof(ProcessStarted))]
    [InlineData(typeof(ProcessExecuted))]
    [InlineData(typeof(ProcessExited))]
    [InlineData(typeof(ExitStatus))]
    [InlineData(typeof(RuleEnforcement))]
    [InlineData(typeof(MachineReport))]
    [InlineData(typeof(MachineCheck))]
    public void What_the_engine_tells_has_members_with_names_and_no_positions(Type type)
    {
        Assert.All(type.GetConstructors(), constructor => Assert.Empty(constructor.GetParameters()));
        Assert.Null(type.GetMethod("Deconstruct"));
    }

    private static bool IsCopying(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static IEnumerable<string> PublicTypes(Assembly assembly) => assembly.GetExportedTypes()
        .Select(type => type.FullName![(assembly.GetName().Name!.Length + 1)..])
        .Order(StringComparer.Ordinal);
}
