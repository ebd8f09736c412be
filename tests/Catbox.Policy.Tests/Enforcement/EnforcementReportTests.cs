using Catbox.Policy.Enforcement;
using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Tests.Landlock;
using CsCheck;
using Xunit;
using static Catbox.Policy.Enforcement.EnforcementLevel;

namespace Catbox.Policy.Tests.Enforcement;

/// <summary>What is claimed of a rule, by what there is to hold it.</summary>
public sealed class EnforcementReportTests
{
    private static readonly ScriptedDisk Disk = new ScriptedDisk().With("/w/kept").With("/w/file", FileKind.Regular).With("/out");

    private static EnforcementFacts Facts(SandboxPolicy policy, int abi = Floor.NewestAbi, LandlockMode mode = LandlockMode.Auto) =>
        new() { Policy = policy, Floor = Floor.Of(policy, Disk, abi, mode), CanSeal = true };

    private static EnforcementFacts Complete(EnforcementFacts facts) => facts with { ArgumentsAreSealed = true, CallsAreOnBehalf = true };

    private static RuleEnforcement Rule(EnforcementFacts facts, string rule) => EnforcementReport.Of(facts).Single(r => r.Rule == rule);

    [Fact]
    public void A_writable_directory_is_held_by_the_kernel_where_it_has_Landlock_and_advisory_where_not()
    {
        var policy = new SandboxPolicy { Writable = ["/w"] };

        Assert.Equal(KernelEnforced, Rule(Facts(policy), "write /w").Level);
        Assert.Equal(Advisory, Rule(Facts(policy, abi: 0), "write /w").Level);
        Assert.Contains("no Landlock", Rule(Facts(policy, abi: 0), "write /w").Reason, StringComparison.Ordinal);
        Assert.Contains("switched off", Rule(Facts(policy, mode: LandlockMode.Off), "write /w").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/w/*.o")]
    [InlineData("/w/new")]
    [InlineData("/w/file")]
    [InlineData("~/w/.*")]
    public void What_Landlock_can_only_bound_is_advisory_and_the_bound_is_named(string pattern)
    {
        var rule = Rule(Facts(new SandboxPolicy { Writable = [pattern] }), "write " + pattern);

        Assert.Equal(Advisory, rule.Level);
        Assert.Contains("Landlock holds /w:", rule.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/w/kept", Advisory)]
    [InlineData("/w/k*", Advisory)]
    [InlineData("/**/x", Advisory)]
    [InlineData("/out", KernelEnforced)]
    [InlineData("/out/*", KernelEnforced)]
    [InlineData("/", KernelEnforced)]
    public void A_denied_path_is_held_by_the_kernel_unless_the_domain_lets_it_be_written(string denied, EnforcementLevel level) =>
        Assert.Equal(level, Rule(Facts(new SandboxPolicy { Writable = ["/w"], DenyWrite = [denied] }), "deny-write " + denied).Level);

    [Fact]
    public void Nothing_else_is_written_and_where_the_domain_allows_more_that_is_said()
    {
        Assert.Equal("Landlock refuses them outside of /proc; there, the argument is read again after it was judged",
            Rule(Facts(new SandboxPolicy { Writable = ["/w"] }), "no writes elsewhere").Reason);
        Assert.Equal("Landlock refuses them", Rule(Facts(new SandboxPolicy { Writable = ["/w"], Strict = true }), "no writes elsewhere").Reason);
        Assert.Contains("outside of /out, /proc;", Rule(Facts(new SandboxPolicy { Writable = ["/out/*"] }), "no writes elsewhere").Reason, StringComparison.Ordinal);
        Assert.Equal(Advisory, Rule(Facts(new SandboxPolicy { Writable = ["/w"] }, abi: 0), "no writes elsewhere").Level);
        Assert.Equal(Advisory, Rule(Facts(new SandboxPolicy { Writable = ["/"] }), "no writes elsewhere").Level);
    }

    [Fact]
    public void Seals_make_the_tracer_hold_what_goes_on_and_count_only_where_the_kernel_has_them()
    {
        var facts = Facts(new SandboxPolicy { DenyExecute = ["/out"] }) with { ArgumentsAreSealed = true };

        Assert.Equal(TracerEnforced, Rule(facts, "deny-execute /out").Level);
        Assert.Equal(Advisory, Rule(facts with { CanSeal = false }, "deny-execute /out").Level);
        Assert.Contains("no mseal", Rule(facts with { CanSeal = false }, "deny-execute /out").Reason, StringComparison.Ordinal);
        Assert.Equal(Advisory, Rule(facts with { ArgumentsAreSealed = false }, "deny-execute /out").Level);
    }

    [Fact]
    public void What_walks_its_path_again_stays_advisory()
    {
        var facts = Complete(Facts(new SandboxPolicy { DenyRead = ["/out"], Readable = ["/in"] }));

        Assert.Equal(Advisory, Rule(facts, "deny-read /out").Level);
        Assert.Equal(Advisory, Rule(facts, "read /in").Level);
    }

    [Fact]
    public void Paths_of_sockets_need_seals_and_changes_of_directories_on_behalf()
    {
        const string Rule = "unix sockets only where it may write, or a rule says";
        var facts = Complete(Facts(new SandboxPolicy()));

        Assert.Equal(TracerEnforced, EnforcementReportTests.Rule(facts, Rule).Level);
        Assert.Equal(Advisory, EnforcementReportTests.Rule(facts with { CanSeal = false }, Rule).Level);
        Assert.Equal(Advisory, EnforcementReportTests.Rule(facts with { CallsAreOnBehalf = false }, Rule).Level);
    }

    [Fact]
    public void Writes_without_a_floor_need_seals_and_calls_on_behalf()
    {
        var facts = Facts(new SandboxPolicy { Writable = ["/w"] }, abi: 0);

        Assert.Equal(TracerEnforced, Rule(Complete(facts), "write /w").Level);
        Assert.Equal(Advisory, Rule(facts with { ArgumentsAreSealed = true }, "write /w").Level);
        Assert.Equal(Advisory, Rule(facts with { CallsAreOnBehalf = true }, "write /w").Level);
    }

    [Fact]
    public void Metadata_is_never_claimed_for_Landlock()
    {
        const string Rule = "no change of modes, owners, times and attributes elsewhere";
        var facts = Facts(new SandboxPolicy { Writable = ["/w"] });

        Assert.Equal(Advisory, EnforcementReportTests.Rule(facts, Rule).Level);
        Assert.Equal(TracerEnforced, EnforcementReportTests.Rule(facts with { CallsAreOnBehalf = true }, Rule).Level);
    }

    [Fact]
    public void Truncation_is_a_rule_of_its_own_where_Landlock_does_not_know_it()
    {
        Assert.Equal(Advisory, Rule(Facts(new SandboxPolicy { Writable = ["/w"] }, abi: 2), "no truncation elsewhere").Level);
        Assert.DoesNotContain(EnforcementReport.Of(Facts(new SandboxPolicy { Writable = ["/w"] }, abi: 3)), static r => r.Rule == "no truncation elsewhere");
    }

    [Fact]
    public void Signals_and_abstract_sockets_are_the_kernels_from_version_6_on()
    {
        Assert.Equal((KernelEnforced, KernelEnforced), Levels(6));
        Assert.Equal((Advisory, Advisory), Levels(5));

        static (EnforcementLevel, EnforcementLevel) Levels(int abi) =>
            (Rule(Facts(new SandboxPolicy(), abi), "no signals to others").Level, Rule(Facts(new SandboxPolicy(), abi), "no abstract sockets of others").Level);
    }

    [Fact]
    public void The_memory_of_others_is_the_kernels_with_a_domain_of_any_kind_and_raced_by_path_without()
    {
        Assert.Equal(KernelEnforced, Rule(Facts(new SandboxPolicy(), abi: 2), "no memory, registers and descriptors of other processes").Level);
        Assert.Equal(Advisory, Rule(Facts(new SandboxPolicy(), abi: 0), "no memory, registers and descriptors of other processes").Level);
    }

    [Fact]
    public void A_network_that_is_off_is_refused_by_numbers_and_one_with_rules_by_addresses_in_memory()
    {
        var rules = new SandboxPolicy { NetworkRules = NetworkRuleParser.ParseConnect("10.0.0.7:443") };

        Assert.Equal(TracerEnforced, Rule(Facts(new SandboxPolicy()), "network off").Level);
        Assert.Equal(TracerEnforced, Rule(Facts(new SandboxPolicy { Network = NetworkMode.On }), "network on").Level);
        Assert.Equal(Advisory, Rule(Facts(rules), "connect 10.0.0.7:443").Level);
        Assert.Contains("Landlock holds the ports;", Rule(Facts(rules), "connect 10.0.0.7:443").Reason, StringComparison.Ordinal);
        Assert.Equal(TracerEnforced, Rule(Complete(Facts(rules, abi: 0)), "connect 10.0.0.7:443").Level);
    }

    [Fact]
    public void Collect_only_enforces_nothing_but_what_no_run_may_do()
    {
        var rules = EnforcementReport.Of(Complete(Facts(new SandboxPolicy { Writable = ["/w"], OnViolation = OnViolation.Log })));

        Assert.Equal(
            ["no memory, registers and descriptors of other processes", "no mounts, namespaces and modules"],
            rules.Where(static r => r.Level != Advisory).Select(static r => r.Rule));
    }

    [Fact]
    public void More_of_anything_never_makes_a_rule_weaker() =>
        Gen.Select(Gen.OneOf("/w", "/w/*.o", "/w/file", "/gone"), Gen.OneOf("/w/kept", "/out", "/w/k*"), Gen.Bool, Gen.Bool, Gen.Int[0, 7], Gen.Int[0, 7])
            .Sample((writable, denied, seals, behalf, oneAbi, otherAbi) =>
            {
                var policy = new SandboxPolicy { Writable = [writable], DenyWrite = [denied], DenyRead = [denied] };
                var weaker = EnforcementReport.Of(Facts(policy, Math.Min(oneAbi, otherAbi)) with { ArgumentsAreSealed = seals, CallsAreOnBehalf = behalf });
                var stronger = EnforcementReport.Of(Complete(Facts(policy, Math.Max(oneAbi, otherAbi)))).ToDictionary(static r => r.Rule, static r => r.Level);
                Assert.All(weaker.Where(r => stronger.ContainsKey(r.Rule)), r => Assert.True(stronger[r.Rule] >= r.Level, r.Rule));
            });

    [Fact]
    public void Every_rule_of_a_policy_is_reported_once_and_with_a_reason()
    {
        var policy = new SandboxPolicy
        {
            Writable = ["/w", "/gone"],
            DenyWrite = ["/w/kept"],
            Readable = ["/usr"],
            DenyRead = ["/out"],
            Executable = ["/usr/bin"],
            DenyExecute = ["/usr/bin/su"],
            Silent = ["/var"],
            NetworkRules = [.. NetworkRuleParser.ParseConnect("*:80"), .. NetworkRuleParser.ParseConnect("unix:@x")],
        };
        var rules = EnforcementReport.Of(Facts(policy));

        Assert.Equal(
            [
                "write /w", "write /gone", "write the usual devices, its terminals and its own standard streams", "write its own files of /proc",
                "deny-write /w/kept", "silent /var", "no writes elsewhere", "no change of modes, owners, times and attributes elsewhere",
                "read /usr", "deny-read /out", "execute /usr/bin", "deny-execute /usr/bin/su", "connect *:80", "connect @x", "no network elsewhere",
                "unix sockets only where it may write, or a rule says", "no abstract sockets of others", "no signals to others",
                "no memory, registers and descriptors of other processes", "no mounts, namespaces and modules",
            ],
            rules.Select(static r => r.Rule));
        Assert.All(rules, static r => Assert.NotEmpty(r.Reason));
    }
}
