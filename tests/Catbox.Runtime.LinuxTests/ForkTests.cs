namespace Catbox.Runtime.LinuxTests;

/// <summary>Every way to make a process or a thread: what is made is confined from its first instruction.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class ForkTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("fork_writes")]
    [InlineData("vfork_writes")]
    [InlineData("clone_writes")]
    [InlineData("clone_vm_writes")]
    public async Task A_child_is_confined_from_its_first_instruction(string guest)
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync(guest, scratch, scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
        Assert.Equal(2, run.Result.Processes.Length);
        var child = run.Result.Processes[1];
        Assert.Equal(run.Result.Processes[0].Pid, child.ParentPid);
        Assert.Equal(new ExitStatus(7, 0, false), child.Status);
        Assert.Equal(child.Pid, run.Result.Violations[0].Pid);
    }

    [SkippableFact]
    public async Task A_sibling_made_with_CLONE_PARENT_is_confined_and_its_real_parent_waits_for_it()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("clone_parent_writes", scratch, scratch.Out("x"))).Succeeded();
        run.HasViolations(1, "openat", scratch.Out("x"));
        Assert.Equal([0, 6, 8], run.Result.Processes.Select(p => p.Status!.Value.Code));
    }

    [SkippableTheory]
    [InlineData("clone_fs_shares_cwd")]
    [InlineData("thread_has_own_cwd")]
    [InlineData("clone_files_shares_descriptors")]
    public async Task Names_are_resolved_in_what_the_caller_shares_at_that_moment(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch, scratch.Outside)).Succeeded().HasViolations(1, "openat", scratch.Out("theirs"));
        Assert.True(File.Exists(scratch.In("mine")));
        Assert.False(File.Exists(scratch.Out("theirs")));
    }

    [SkippableFact]
    public async Task Clone3_is_ENOSYS_and_callers_fall_back()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("clone3_is_unknown", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_spawned_program_is_confined()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("spawn_writes", scratch, Guests.Build("writes"), scratch.Out("x"));
        run.Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task A_child_whose_parent_dies_at_its_fork_is_confined()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("orphan_writes", scratch, scratch.Out("x"));
        run.Succeeded().HasViolations(50, "openat", scratch.Out("x"));
        Assert.Equal(101, run.Result.Processes.Length);
    }

    [SkippableFact]
    public async Task An_orphan_goes_to_the_subreaper_inside()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("subreaper", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_thread_storm_loses_no_violation()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("thread_storm", scratch, scratch.Out("x"))).Succeeded().HasViolations(400, "openat", scratch.Out("x"));
        Assert.Equal(401, Assert.Single(run.Result.Processes).Threads);
    }

    [SkippableFact]
    public async Task A_process_may_exit_while_its_threads_are_in_refused_calls()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("exit_with_busy_threads", scratch, scratch.Out("x"))).Succeeded();
        Assert.Equal(20, run.Result.Processes.Count(p => p.Status == new ExitStatus(11, 0, false)));
    }

    [SkippableFact]
    public async Task A_process_lives_on_when_its_first_thread_ends()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("leader_exits_first", scratch, scratch.Out("x"))).ExitedWith(12).HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task A_process_killed_at_any_instant_of_a_refused_call_hurts_nobody()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("killed_while_denied", scratch, scratch.Out("x"), "100")).Succeeded();
        Assert.All(run.Result.Violations, v => Assert.Equal(scratch.Out("x"), v.ResolvedText));
        Assert.Equal(100, run.Result.Processes.Count(p => p.Status is { Signal: 9 }));
        Assert.False(File.Exists(scratch.Out("x")));
    }

    [SkippableFact]
    public async Task A_fork_storm_keeps_every_exit_code()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("fork_storm", scratch, "1000")).Succeeded().HasNoViolations();
        Assert.Equal(1001, run.Result.Processes.Length);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i & 63), run.Result.Processes.Skip(1).Select(p => p.Status!.Value.Code));
    }

    [SkippableFact]
    public async Task A_process_beyond_the_limit_is_killed_before_its_first_instruction()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("fork_limit", scratch) with { MaxProcesses = 8 })).Succeeded();
        Assert.Equal("7\n", run.Output);
    }
}
