using System.Collections.Immutable;
using Catbox.Policy.Filtering;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Runtime.Specs.Launching;

/// <summary>What a spec becomes before anything is started: steps, program, environment.</summary>
public sealed class LaunchPlannerTests : IDisposable
{
    private static readonly FilterProgram Filter =
        FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(CompiledPolicy.Compile(new SandboxPolicy(), new PolicyContext()).Needs));

    private readonly string _directory = Directory.CreateTempSubdirectory("catbox-planner-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_launch_is_a_list_of_steps_that_ends_in_execve_and_can_be_shown_without_the_secrets_of_the_environment()
    {
        var steps = LaunchPlanner.Steps(
            new SandboxSpec { Command = ["true", "a b"], WorkingDirectory = "/work" }, "/bin/true", ["A=1", "TOKEN=secret"], Filter, 1024, 4096);

        Assert.Equal(
            $"""
            setpgid(0, 0)
            rt_sigaction 32 SIG_DFL(32, [32 zeros], 0, 8)
            rt_sigaction 33 SIG_DFL(33, [32 zeros], 0, 8)
            close_range(3, 4294967295, 0)
            setrlimit RLIMIT_NOFILE(7, "\x00\x04\x00\x00\x00\x00\x00\x00\x00\x10")
            prctl PR_SET_NO_NEW_PRIVS(38, 1, 0, 0, 0)
            chdir("/work")
            seccomp SECCOMP_SET_MODE_FILTER(1, 0, [filter, {Filter.Instructions.Length} instructions])
            execve("/bin/true", [true, a b], [A, TOKEN])
            execve("/bin/sh", [/bin/sh, /bin/true, a b], [A, TOKEN])
            """,
            new LaunchPlan(steps, [-1, -1, -1], 0).ToString());
    }

    [Fact]
    public void Core_dumps_are_taken_away_where_the_filter_keeps_them_away()
    {
        Assert.Equal("setrlimit RLIMIT_CORE(4, [16 zeros])", Assert.Single(LaunchPlanner.LimitSteps(FilterNeeds.CoreLimit)).ToString());
        Assert.Empty(LaunchPlanner.LimitSteps(FilterNeeds.Writes));
    }

    [Theory]
    [InlineData(true, "/w")]
    [InlineData(false, "/w", "/w/denied")]
    [InlineData(false, "/w/*.o")]
    [InlineData(true, "/")]
    public void Core_dumps_stay_where_the_domain_is_as_narrow_as_the_rules(bool stay, string writable, string? denied = null)
    {
        var policy = new SandboxPolicy { Writable = [writable], DenyWrite = denied is null ? [] : [denied] };
        var plan = new LandlockPlan { Abi = 7, HandledFiles = writable == "/" ? 0 : 0xfff2UL, WideDirectories = writable.Contains('*', StringComparison.Ordinal) ? ["/w"] : [] };
        Assert.Equal(stay, LandlockFloor.HoldsCoreDumps(new SandboxSpec { Command = ["true"], Policy = policy }, plan));
        Assert.Equal(writable == "/" && denied is null, LandlockFloor.HoldsCoreDumps(new SandboxSpec { Command = ["true"], Policy = policy }, new LandlockPlan { Abi = 0 }));
        Assert.True(LandlockFloor.HoldsCoreDumps(
            new SandboxSpec { Command = ["true"], Policy = policy with { OnViolation = OnViolation.Log } }, new LandlockPlan { Abi = 0 }));
    }

    [Fact]
    public void A_Landlock_domain_is_laid_by_steps_that_can_be_shown()
    {
        var plan = new LandlockPlan
        {
            Abi = 7,
            HandledFiles = 0xfff2,
            HandledNetwork = 3,
            Scoped = 3,
            Paths = [new LandlockPathRule([.. "/w"u8], 0xfff2)],
            Ports = [new LandlockPortRule(443, 2)],
            Streams = [1],
            StreamAccess = 0xc002,
        };

        Assert.Equal(
            """
            landlock_create_ruleset({0xfff2, 0x3, 0x3}, 24, 0)
            landlock openat2(18446744073709551516, "/w", {0x280000, 0x0, 0x4}, 24)
            landlock_add_rule LANDLOCK_RULE_PATH_BENEATH(3, 1, {0xfff2, 0x4}, 0)
            close(4)
            landlock_add_rule LANDLOCK_RULE_PATH_BENEATH(3, 1, {0xc002, 0x1}, 0)
            landlock_add_rule LANDLOCK_RULE_NET_PORT(3, 2, {0x2, 0x1bb}, 0)
            landlock_restrict_self(3, 0)
            close(3)
            """,
            string.Join('\n', LaunchPlanner.LandlockSteps(plan, 3, 4)));
    }

    [Fact]
    public void The_domain_comes_after_the_descriptors_are_closed_and_new_privileges_given_up_and_before_the_filter()
    {
        var floor = LaunchPlanner.LandlockSteps(new LandlockPlan { Abi = 7, Scoped = 2 }, 3, 4);
        var names = LaunchPlanner.Steps(new SandboxSpec { Command = ["true"] }, "/bin/true", [], Filter, 1, 1, floor.AsSpan())
            .Select(step => step.Name.Split(' ')[0]).ToList();

        Assert.Equal(["close_range", "setrlimit", "prctl", "landlock_create_ruleset", "landlock_restrict_self", "close", "seccomp"], names[3..10]);
    }

    [Fact]
    public void A_plan_without_a_domain_is_no_step() => Assert.Empty(LaunchPlanner.LandlockSteps(new LandlockPlan { Abi = 0 }, 3, 4));

    [Fact]
    public void Only_the_first_execve_may_fail_and_only_by_ENOEXEC()
    {
        var steps = LaunchPlanner.Steps(new SandboxSpec { Command = ["true"] }, "/bin/true", [], Filter, 1, 1);

        var tolerated = Assert.Single(steps, step => !step.Tolerated.IsSuccess);
        Assert.Same(steps[^2], tolerated);
        Assert.Equal(8, tolerated.Tolerated.Value);
    }

    [Fact]
    public void A_guest_that_shares_the_terminal_stays_in_the_hosts_group()
    {
        var steps = LaunchPlanner.Steps(new SandboxSpec { Command = ["vi"], ShareTerminal = true }, "/bin/vi", [], Filter, 1, 1);

        Assert.DoesNotContain(steps, step => step.Name is "setpgid" or "chdir");
    }

    [Fact]
    public void The_filter_comes_after_everything_that_it_would_refuse_and_right_before_execve()
    {
        var names = LaunchPlanner.Steps(new SandboxSpec { Command = ["true"], WorkingDirectory = "/" }, "/bin/true", [], Filter, 1, 1)
            .Select(step => step.Name).ToList();

        Assert.Equal(names.IndexOf("execve") - 1, names.FindIndex(name => name.StartsWith("seccomp", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_program_is_looked_up_in_the_PATH_of_the_guest()
    {
        var program = MakeProgram("tool");

        Assert.Equal(program, LaunchPlanner.FindProgram("tool", [$"PATH=/nowhere:{_directory}"], null).ToString());
    }

    [Fact]
    public void The_first_program_of_the_PATH_that_can_be_executed_is_taken()
    {
        var first = Directory.CreateDirectory(Path.Combine(_directory, "first")).FullName;
        File.WriteAllText(Path.Combine(first, "tool"), "not executable");
        var program = MakeProgram("tool");

        Assert.Equal(program, LaunchPlanner.FindProgram("tool", [$"PATH={first}:{_directory}"], null).ToString());
    }

    [Fact]
    public void Of_two_PATHs_the_first_counts_as_for_getenv()
    {
        var program = MakeProgram("tool");

        Assert.Equal(program, LaunchPlanner.FindProgram("tool", [$"PATH={_directory}", "PATH=/nowhere"], null).ToString());
    }

    [Fact]
    public void An_empty_part_of_the_PATH_is_the_working_directory()
    {
        MakeProgram("tool");

        Assert.Equal("tool", LaunchPlanner.FindProgram("tool", ["PATH=/nowhere:"], _directory).ToString());
    }

    [Fact]
    public void A_program_with_a_slash_is_seen_from_the_working_directory()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "bin"));
        MakeProgram("bin/tool");

        Assert.Equal("bin/tool", LaunchPlanner.FindProgram("bin/tool", [], _directory).ToString());
    }

    [Theory]
    [InlineData("missing", 127)]
    [InlineData("./missing", 127)]
    [InlineData("", 127)]
    [InlineData("plain", 126)]
    [InlineData("./plain", 126)]
    [InlineData("./folder", 126)]
    public void What_cannot_be_run_has_the_conventional_exit_code(string program, int exitCode)
    {
        File.WriteAllText(Path.Combine(_directory, "plain"), "text");
        Directory.CreateDirectory(Path.Combine(_directory, "folder"));

        var error = Assert.Throws<SandboxLaunchException>(() => LaunchPlanner.FindProgram(program, [$"PATH={_directory}"], _directory));

        Assert.Equal(("execve", exitCode), (error.Operation, error.ExitCode));
    }

    [Fact]
    public void A_name_with_control_characters_is_escaped_in_the_error() =>
        Assert.Contains(@"no\x1bsuch", Assert.Throws<SandboxLaunchException>(
            () => LaunchPlanner.FindProgram("no\u001bsuch", ["PATH=/nowhere"], null)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_environment_from_nothing_has_what_is_set_and_TMPDIR()
    {
        var environment = Names(Spec(inherit: false, ("A", "1"), ("B", null)), "/tmp/private");

        Assert.Equal(["A=1", "TMPDIR=/tmp/private"], environment.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_variable_of_the_host_is_inherited_replaced_or_taken_away()
    {
        Environment.SetEnvironmentVariable("CATBOX_SPECS_KEPT", "kept");
        Environment.SetEnvironmentVariable("CATBOX_SPECS_REPLACED", "old");
        Environment.SetEnvironmentVariable("CATBOX_SPECS_TAKEN", "gone");

        var environment = Names(Spec(inherit: true, ("CATBOX_SPECS_REPLACED", "new"), ("CATBOX_SPECS_TAKEN", null)), null)
            .Where(entry => entry.StartsWith("CATBOX_SPECS_", StringComparison.Ordinal));

        Assert.Equal(["CATBOX_SPECS_KEPT=kept", "CATBOX_SPECS_REPLACED=new"], environment.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_TMPDIR_of_the_host_does_not_reach_a_guest_that_has_its_own()
    {
        var entries = Names(Spec(inherit: true, ("TMPDIR", "/elsewhere")), "/tmp/private").Where(entry => entry.StartsWith("TMPDIR=", StringComparison.Ordinal));

        Assert.Equal(["TMPDIR=/tmp/private"], entries);
    }

    [Fact]
    public void What_is_set_comes_in_the_order_of_names() =>
        Assert.Equal(["A=1", "B=2", "C=3"], Names(Spec(inherit: false, ("C", "3"), ("A", "1"), ("B", "2")), null));

    [Theory]
    [InlineData("")]
    [InlineData("A=B")]
    public void What_is_no_name_of_a_variable_is_an_error(string name) =>
        Assert.Throws<ArgumentException>(() => Names(Spec(inherit: false, (name, "1")), null));

    private static SandboxSpec Spec(bool inherit, params (string Name, string? Value)[] variables) => new()
    {
        Command = ["true"],
        InheritEnvironment = inherit,
        Environment = variables.ToImmutableDictionary(variable => (GuestString)variable.Name, variable => variable.Value is null ? null : (GuestString?)variable.Value),
    };

    private static List<string> Names(SandboxSpec spec, string? temporary) =>
        [.. LaunchPlanner.Environment(spec, temporary is null ? null : (GuestString?)temporary).Select(entry => entry.ToString())];

    private string MakeProgram(string name)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
