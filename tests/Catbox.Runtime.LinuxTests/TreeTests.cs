namespace Catbox.Runtime.LinuxTests;

/// <summary>The fork tree and the resources that a result tells.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class TreeTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task Every_process_is_there_with_its_parent_arguments_and_end()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunScriptAsync(scratch, "/bin/sh -c 'exit 3'; /bin/sh -c 'kill -9 $$'; exit 5")).ExitedWith(5);
        var processes = run.Result.Processes;
        Assert.Equal(3, processes.Length);
        var (first, second, third) = (processes[0], processes[1], processes[2]);
        Assert.Equal(0, first.ParentPid);
        Assert.Equal("exit 3", second.Arguments[^1]);
        Assert.Equal((first.Pid, first.Generation), (second.ParentPid, second.ParentGeneration));
        Assert.Equal((first.Pid, first.Generation), (third.ParentPid, third.ParentGeneration));
        Assert.Equal(new ExitStatus(5, 0, false), first.Status);
        Assert.Equal(new ExitStatus(3, 0, false), second.Status);
        Assert.Equal(9, third.Status!.Value.Signal);
        Assert.True(first.Generation < second.Generation && second.Generation < third.Generation);
        Assert.All(processes, p => Assert.EndsWith("sh", p.Executable, StringComparison.Ordinal));
        Assert.All(processes, p => Assert.True(p.Ended >= p.Started));
    }

    [SkippableFact]
    public async Task Threads_are_counted_inside_their_process()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("three_threads", scratch)).Succeeded();
        Assert.Equal(4, Assert.Single(run.Result.Processes).Threads);
    }

    [SkippableFact]
    public async Task A_process_whose_maker_died_keeps_its_maker_as_parent()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("daemon_pauses", scratch))).ExitedWith(3);
        var processes = run.Result.Processes;
        Assert.Equal(processes[1].Generation, processes[2].ParentGeneration);
        Assert.Equal(processes[1].Pid, processes[2].ParentPid);
    }

    [SkippableFact]
    public async Task Cpu_time_is_what_the_kernel_charged()
    {
        using var scratch = new Scratch();
        var result = (await engine.RunGuestAsync("burns_cpu", scratch)).Succeeded().Result;
        Assert.True(result.UserTime + result.SystemTime >= TimeSpan.FromMilliseconds(50), $"{result.UserTime} + {result.SystemTime}");
        var process = Assert.Single(result.Processes);
        Assert.True(process.UserTime + process.SystemTime >= TimeSpan.FromMilliseconds(50), $"{process.UserTime} + {process.SystemTime}");
        Assert.True(result.WallTime > TimeSpan.Zero);
    }

    [SkippableFact]
    public async Task Peak_memory_is_the_largest_process_s()
    {
        const long Size = 64L * 1024 * 1024;
        using var scratch = new Scratch();
        var result = (await engine.RunGuestAsync("touches_memory", scratch, $"{Size}")).Succeeded().Result;
        Assert.InRange(result.PeakMemory, Size, 2 * Size);
        Assert.Equal(result.PeakMemory, result.Processes.Max(p => p.PeakMemory));
    }

    [SkippableFact]
    public async Task The_peak_of_a_small_guest_is_not_its_host_s()
    {
        using var scratch = new Scratch();
        var result = (await engine.RunGuestAsync("does_nothing", scratch)).Succeeded().Result;
        Assert.InRange(result.PeakMemory, 1, 16L * 1024 * 1024);
    }

    [SkippableFact]
    public async Task Stops_are_counted_by_call()
    {
        using var scratch = new Scratch();
        var stops = (await engine.RunGuestAsync("writes", scratch, scratch.Out("x"), "25")).Succeeded().HasViolations(25).Result.Stops;
        Assert.Equal(25, stops.BySyscall["openat"]);
        Assert.True(stops.Exec >= 1);
    }

    [SkippableFact]
    public async Task A_read_only_open_does_not_stop_where_only_writes_are_judged()
    {
        using var scratch = new Scratch();
        var stops = (await engine.RunCommandAsync(scratch, "/bin/cat", "/etc/passwd")).Succeeded().Result.Stops;
        Assert.False(stops.BySyscall.ContainsKey("openat"));
        Assert.False(stops.BySyscall.ContainsKey("read"));
    }

    [SkippableFact]
    public async Task The_result_keeps_so_many_violations_and_counts_all()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.Out("x"), "50") with { MaxViolationsKept = 10 })).Succeeded();
        Assert.Equal(10, run.Result.Violations.Length);
        Assert.Equal(50, run.Result.ViolationCount);
    }
}
