using System.Globalization;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>A session with the kernel's Landlock as its floor, and without: what a guest sees is the same, and what is reported is not.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class LandlockTests(EngineFixture engine)
{
    private static EnforcementLevel Level(GuestRun run, string rule) => Assert.Single(run.Result.Rules, r => r.Rule == rule).Level;

    [SkippableTheory]
    [InlineData(LandlockMode.Auto)]
    [InlineData(LandlockMode.Off)]
    public async Task Over_the_floor_a_race_that_the_judge_loses_opens_nothing_outside(LandlockMode mode)
    {
        LandlockMachine.Need(mode == LandlockMode.Off ? 0 : 2);
        using var scratch = new Scratch();
        var inside = Scratch.MakeFile(Path.Combine(Scratch.MakeDirectory(scratch.In("a")), "file"));
        var outside = Scratch.MakeFile(Path.Combine(Scratch.MakeDirectory(Path.Combine(scratch.Root, "no", "a")), "file"));
        var spec = EngineFixture.Guest("flips_path", scratch, inside, outside, "20000") with
        {
            Landlock = mode,
            JudgesAndContinues = true,
            MaxViolationsKept = 0,
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(mode == LandlockMode.Off ? EnforcementLevel.Advisory : EnforcementLevel.KernelEnforced, Level(run, "no writes elsewhere"));
        var won = int.Parse(run.Output, CultureInfo.InvariantCulture);
        // Without the floor it is won, unless the two threads never run at the same time.
        Skip.If(mode == LandlockMode.Off && won == 0 && Environment.ProcessorCount == 1, "with one CPU the race is rarely won");
        Assert.Equal(mode == LandlockMode.Off, won > 0);
    }

    [SkippableFact]
    public async Task Files_and_directories_move_between_writable_directories()
    {
        using var scratch = new Scratch();
        var (from, to) = (Scratch.MakeDirectory(scratch.Out("from")), Scratch.MakeDirectory(scratch.Out("to")));
        var spec = EngineFixture.Guest("moves_between", scratch, from, to) with { Policy = new SandboxPolicy { Writable = [from, to] } };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.True(File.Exists(Path.Combine(to, "directory/below")));
    }

    [SkippableFact]
    public async Task A_file_moves_from_a_writable_directory_to_one_that_is_only_a_bound()
    {
        using var scratch = new Scratch();
        var target = scratch.Out("made");
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", $"echo new > {scratch.In("made")} && ln -f {scratch.In("made")} {target} && mv {target} {scratch.In("back")}") with
        {
            Policy = new SandboxPolicy { Writable = [scratch.Inside, target] },
        };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.Equal("new\n", File.ReadAllText(scratch.In("back")));
    }

    [SkippableFact]
    public async Task A_writable_file_may_be_replaced_and_one_that_was_not_there_may_be_made()
    {
        using var scratch = new Scratch();
        var (file, missing) = (Scratch.MakeFile(scratch.Out("file")), scratch.Out("missing"));
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", $"rm {file} && echo new > {file} && mkdir {missing} && echo new > {missing}/x") with
        {
            Policy = new SandboxPolicy { Writable = [file, missing] },
        };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.Equal(("new\n", "new\n"), (File.ReadAllText(file), File.ReadAllText(Path.Combine(missing, "x"))));
    }

    [SkippableTheory]
    [InlineData("rmdir {0}", true)]
    [InlineData("mv {0} {1}/other", true)]
    [InlineData("mkdir {0}/x && rmdir {0}/x && mkdir -p {0}/y", false)]
    public async Task A_writable_directory_itself_stays_and_what_is_in_it_need_not(string script, bool isRefused)
    {
        foreach (var abi in (int?[])[null, 0])
        {
            using var scratch = new Scratch();
            var directory = Scratch.MakeDirectory(scratch.Out("kept"));
            var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", string.Format(CultureInfo.InvariantCulture, script, directory, scratch.Inside)) with
            {
                Policy = new SandboxPolicy { Writable = [directory, scratch.Inside] },
            };
            var run = await LandlockMachine.RunAsync(spec, new SandboxRunnerOptions { LandlockAbi = abi });
            Assert.Equal(isRefused, run.Result.Exit.Code != 0);
            Assert.True(Directory.Exists(directory));
            Assert.Equal(isRefused, run.Result.Violations.Any(v => v.ResolvedText == directory));
        }
    }

    [SkippableFact]
    public async Task Without_a_floor_by_choice_a_writable_directory_may_be_removed_and_made_anew()
    {
        using var scratch = new Scratch();
        var directory = Scratch.MakeDirectory(scratch.Out("dist"));
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", $"rm -r {directory} && mkdir {directory} && echo new > {directory}/x") with
        {
            Policy = new SandboxPolicy { Writable = [directory] },
            Landlock = LandlockMode.Off,
        };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_device_that_is_written_without_asking_is_not_taken_away()
    {
        using var scratch = new Scratch();
        var run = await engine.RunCommandAsync(scratch, "/bin/sh", "-c", "echo x > /dev/null && ! mv /dev/null /dev/null.old");
        run.Succeeded();
        Assert.Contains(run.Result.Violations, static v => v.ResolvedText == "/dev/null");
    }

    [SkippableFact]
    public async Task A_denied_path_inside_a_writable_one_is_refused_and_told()
    {
        using var scratch = new Scratch();
        Scratch.MakeDirectory(scratch.In("kept"));
        var spec = EngineFixture.Guest("writes", scratch, scratch.In("kept/x")) with { Policy = scratch.Policy with { DenyWrite = [scratch.In("kept")] } };
        var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "openat", scratch.In("kept/x"));
        Assert.NotEqual(EnforcementLevel.KernelEnforced, Level(run, "deny-write " + scratch.In("kept")));
    }

    [SkippableFact]
    public async Task Standard_streams_that_are_files_outside_can_be_opened_again()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "echo out > /dev/stdout; echo err >> /dev/stderr; echo more > /proc/self/fd/1") with
        {
            StandardOutput = GuestStream.File(scratch.Out("stdout")),
            StandardError = GuestStream.File(scratch.Out("stderr")),
        };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.Equal(("more\n", "err\n"), (File.ReadAllText(scratch.Out("stdout")), File.ReadAllText(scratch.Out("stderr"))));
    }

    [SkippableFact]
    public async Task Its_own_files_of_proc_its_TMPDIR_and_a_terminal_stay_writable()
    {
        using var scratch = new Scratch();
        var run = await engine.RunCommandAsync(scratch, "/bin/sh", "-c",
            "echo name > /proc/self/comm && (echo other > /proc/self/comm) && echo x > $TMPDIR/x && mkdir $TMPDIR/d && mv $TMPDIR/x $TMPDIR/d && echo x > /dev/full; echo x > /dev/null");
        run.Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_pseudo_terminal_of_its_own_can_be_made_and_asked()
    {
        using var scratch = new Scratch();
        Skip.If(Unconfined.RunGuest("opens_pty", scratch.Inside).Code != 0, "no pseudo-terminal can be made here");
        (await engine.RunGuestAsync("opens_pty", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_guest_may_confine_itself_further_by_a_domain_of_its_own()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("own_domain", scratch, scratch.In("x"))).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_kernel_without_Landlock_changes_the_report_and_nothing_that_the_guest_sees()
    {
        LandlockMachine.Need(6);
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "echo in > x; echo out > ../out/x; kill -URG 1; mkdir ../out/d; ls > /dev/null; echo done");
        var with = await engine.RunAsync(spec);
        var without = await LandlockMachine.RunAsync(spec, new SandboxRunnerOptions { LandlockAbi = 0 });
        Assert.Equal((with.Output, with.Error, with.Result.Exit), (without.Output, without.Error, without.Result.Exit));
        Assert.Equal(with.Result.Violations.Select(static v => (v.Operation, v.ResolvedText)), without.Result.Violations.Select(static v => (v.Operation, v.ResolvedText)));
        Assert.Equal(EnforcementLevel.KernelEnforced, Level(with, "write " + scratch.Inside));
        Assert.NotEqual(EnforcementLevel.KernelEnforced, Level(without, "write " + scratch.Inside));
        Assert.Equal(with.Result.Rules.Select(static r => r.Rule.Split("/catbox-")[0]), without.Result.Rules.Select(static r => r.Rule.Split("/catbox-")[0]));
    }

    [SkippableTheory]
    [InlineData(0, "this kernel has no Landlock")]
    [InlineData(1, "version 1 of Landlock")]
    public async Task A_floor_that_is_required_and_not_there_starts_nothing(int abi, string reason)
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "echo ran > x") with { Landlock = LandlockMode.Require };
        var error = await Assert.ThrowsAsync<SandboxLaunchException>(() => LandlockMachine.RunAsync(spec, new SandboxRunnerOptions { LandlockAbi = abi }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal((125, "landlock_create_ruleset"), (error.ExitCode, error.Operation));
        Assert.False(File.Exists(scratch.In("x")));
    }

    [SkippableFact]
    public async Task A_floor_is_not_laid_under_collect_only_and_cannot_be_required_there()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("writes", scratch, scratch.Out("x")) with { Policy = EngineFixture.CollectOnly(scratch), Environment = WritesWork };
        (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
        var error = await Assert.ThrowsAsync<SandboxLaunchException>(() => engine.RunAsync(spec with { Landlock = LandlockMode.Require }));
        Assert.Contains("collect-only", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_guest_has_no_descriptor_of_the_ruleset()
    {
        using var scratch = new Scratch();
        var run = await engine.RunCommandAsync(scratch, "/bin/sh", "-c", "ls /proc/self/fd | wc -l; readlink /proc/self/fd/* | grep -c landlock");
        Assert.Equal("4\n0\n", run.Output);
    }

    private static System.Collections.Immutable.ImmutableDictionary<GuestString, GuestString?> WritesWork { get; } =
        System.Collections.Immutable.ImmutableDictionary<GuestString, GuestString?>.Empty.Add("GUEST_WRITE_ERRNO", "0");
}
