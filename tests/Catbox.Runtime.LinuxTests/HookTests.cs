using System.Collections.Concurrent;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What a host is told while a run lasts, and what its hooks hold up.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class HookTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task The_guest_is_held_until_child_initialized_returns()
    {
        using var scratch = new Scratch();
        var marker = scratch.In("made");
        var seen = (Pid: 0, Alive: false, Made: false);
        var hooks = new SandboxHooks
        {
            ChildInitialized = async (pid, _) =>
            {
                await Task.Yield();
                seen = (pid, Processes.IsAlive(pid), Directory.Exists(marker));
            },
        };
        var run = (await engine.RunAsync(EngineFixture.Guest("filecalls", scratch, "mkdir", marker), hooks)).Succeeded();
        Assert.Equal((run.Result.Processes[0].Pid, true, false), seen);
        Assert.True(Directory.Exists(marker));
    }

    [SkippableFact]
    public async Task A_hook_that_throws_ends_the_session_and_the_guest_never_runs()
    {
        using var scratch = new Scratch();
        var hooks = new SandboxHooks { ChildInitialized = (_, _) => throw new InvalidOperationException("the hook's own words") };
        var spec = EngineFixture.Guest("filecalls", scratch, "mkdir", scratch.In("made"));
        var run = await engine.RunAsync(spec, hooks);
        Assert.Equal(EndReason.HookFailed, run.Result.Reason);
        Assert.Contains("the hook's own words", run.Result.Fault, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch.In("made")));
        Assert.DoesNotContain(run.Result.Processes, p => Processes.IsAlive(p.Pid));
    }

    [SkippableFact]
    public async Task A_hook_of_one_session_does_not_hold_another()
    {
        using var scratch = new Scratch();
        var release = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        var hooks = new SandboxHooks
        {
            ChildInitialized = async (_, _) =>
            {
                entered.SetResult();
                await release.Task;
            },
        };
        var held = engine.RunAsync(EngineFixture.Guest("does_nothing", scratch), hooks);
        await Task.WhenAny(entered.Task, held).WaitAsync(EngineFixture.Deadline);
        (await engine.RunGuestAsync("writes", scratch, scratch.Out("x"))).Succeeded().HasViolations(1);
        Assert.False(held.IsCompleted);
        release.SetResult();
        (await held).Succeeded();
    }

    [SkippableFact]
    public async Task A_hook_that_blocks_its_thread_does_not_hold_another_session()
    {
        using var scratch = new Scratch();
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var hooks = new SandboxHooks
        {
            Violation = _ =>
            {
                entered.TrySetResult();
                release.Wait(EngineFixture.Deadline);
            },
        };
        var slow = engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.Out("x")), hooks);
        await Task.WhenAny(entered.Task, slow).WaitAsync(EngineFixture.Deadline);
        (await engine.RunGuestAsync("writes", scratch, scratch.Out("y"), "10")).Succeeded().HasViolations(10, "openat", scratch.Out("y"));
        release.Set();
        (await slow).Succeeded().HasViolations(1);
    }

    [SkippableFact]
    public async Task Every_violation_is_told_live_exactly_once_and_in_order()
    {
        using var scratch = new Scratch();
        var live = new ConcurrentQueue<Violation>();
        var hooks = new SandboxHooks { Violation = live.Enqueue };
        var run = await engine.RunAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", Touches(scratch, 20)), hooks);
        Assert.Equal(20, run.Result.Violations.Length);
        Assert.Equal(run.Result.Violations.Select(v => v.ResolvedText), live.Select(v => v.ResolvedText));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => scratch.Out($"f{i}")), live.Select(v => v.ResolvedText));
    }

    [SkippableFact]
    public async Task Events_tell_of_violations_and_ends_until_the_session_is_over()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("waits_for_input", scratch, scratch.Out("x")) with { StandardInput = GuestStream.Piped };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        await Lines.ReadAsync(sandbox.StandardOutput);
        await using var reader = sandbox.ReadEventsAsync().GetAsyncEnumerator();
        var next = reader.MoveNextAsync(); // subscribed from here on
        await sandbox.StandardInput.DisposeAsync();
        var events = new List<SandboxEvent>();
        while (await next.AsTask().WaitAsync(EngineFixture.Deadline))
        {
            events.Add(reader.Current);
            next = reader.MoveNextAsync();
        }

        var run = (await EngineFixture.FinishAsync(sandbox, spec)).Succeeded().HasViolations(1);
        Assert.Equal(run.Result.Violations.Select(v => v.ResolvedText), events.OfType<Violation>().Select(v => v.ResolvedText));
        Assert.IsType<ProcessExited>(events[^1]);
        Assert.All(events, e => Assert.Equal(run.Result.Processes[0].Pid, e.Pid));
    }

    [SkippableFact]
    public async Task Process_hooks_tell_of_every_process_once()
    {
        using var scratch = new Scratch();
        var started = new ConcurrentQueue<ProcessStarted>();
        var executed = new ConcurrentQueue<ProcessExecuted>();
        var exited = new ConcurrentQueue<ProcessExited>();
        var hooks = new SandboxHooks { ProcessStarted = started.Enqueue, ProcessExecuted = executed.Enqueue, ProcessExited = exited.Enqueue };
        var run = (await engine.RunAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", "/bin/true; /bin/false; exit 3"), hooks)).ExitedWith(3);
        Assert.Equal(run.Result.Processes.Select(p => p.Generation), started.Select(s => s.Generation).Order());
        Assert.Equal([0, 1, 3], exited.Select(e => e.Status.Code).Order());
        Assert.True(executed.Count == 3, string.Join("; ", executed.Select(e => $"{e.Pid} {e.Executable} {string.Join(' ', e.Arguments)}")));
        Assert.Contains(executed, e => e.Executable.EndsWith("/false", StringComparison.Ordinal) && e.Arguments is ["/bin/false"]);
    }

    private static string Touches(Scratch scratch, int count) =>
        $"i=0; while [ $i -lt {count} ]; do echo > {scratch.Outside}/f$i; i=$((i+1)); done 2>/dev/null; true";
}
