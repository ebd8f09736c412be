using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Signals inside are as they are without a tracer.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class SignalTests(EngineFixture engine)
{
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;
    private const int SIGTERM = 15;

    [SkippableTheory]
    [InlineData("signals_once")]
    [InlineData("realtime_siginfo")]
    [InlineData("realtime_handler")]
    [InlineData("fault_siginfo")]
    public async Task Signals_are_delivered_once_with_their_siginfo(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch)).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("stop_and_continue")]
    [InlineData("stop_threads")]
    public async Task A_group_stop_is_seen_by_the_parent_inside_and_ends_with_SIGCONT(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch)).Succeeded();
    }

    [SkippableTheory]
    [InlineData("restart_read")]
    [InlineData("eintr_read")]
    [InlineData("restart_sleep")]
    [InlineData("restart_open_fifo")]
    [InlineData("eintr_open_fifo")]
    public async Task An_interrupted_call_restarts_or_fails_as_it_does_outside(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_refused_call_is_never_restarted()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("denied_under_signals", scratch, scratch.Out("x"), "3000");
        run.Succeeded().HasViolations(3000, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task Registers_survive_refused_and_allowed_calls()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("registers_survive", scratch, scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task Ptrace_inside_is_EPERM()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("ptrace_refused", scratch)).Succeeded();
    }

    [SkippableFact]
    public async Task A_stop_from_outside_is_seen_by_the_parent_inside()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("watches_child_stop", scratch);
        await using var sandbox = await engine.Runner.StartAsync(spec);
        var child = await Lines.ReadNumberAsync(sandbox.StandardOutput);
        Unconfined.Signal(child, "STOP");
        Assert.Equal($"stopped {SIGSTOP}", await Lines.ReadAsync(sandbox.StandardOutput));
        Unconfined.Signal(child, "CONT");
        Assert.Equal("continued", await Lines.ReadAsync(sandbox.StandardOutput));
        Unconfined.Signal(child, "TERM");
        Assert.Equal($"ended {SIGTERM}", await Lines.ReadAsync(sandbox.StandardOutput));
        (await EngineFixture.FinishAsync(sandbox, spec)).Succeeded();
    }

    [SkippableFact]
    public async Task The_first_process_may_stop_and_be_continued_by_the_host()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("stops_itself", scratch);
        await using var sandbox = await engine.Runner.StartAsync(spec);
        Assert.Equal("stopping", await Lines.ReadAsync(sandbox.StandardOutput));
        await Eventually.IsTrueAsync(() => Processes.State(sandbox.Pid) is 'T' or 't', "the guest is stopped");
        Assert.False(sandbox.Completion.IsCompleted);
        // It is in that state also while its tgkill is judged, and a SIGCONT that comes before the SIGSTOP does nothing, as outside.
        await Eventually.IsTrueAsync(() => sandbox.Completion.IsCompleted || Continue(sandbox), "the guest is continued");
        (await EngineFixture.FinishAsync(sandbox, spec)).ExitedWith(4);
    }

    [SkippableFact]
    public async Task A_signal_of_the_host_reaches_the_first_process()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("waits_for_input", scratch) with { StandardInput = GuestStream.Piped };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        await Lines.ReadAsync(sandbox.StandardOutput);
        sandbox.Signal(SIGTERM);
        var run = await EngineFixture.FinishAsync(sandbox, spec);
        Assert.Equal(EndReason.Signaled, run.Result.Reason);
        Assert.Equal(new ExitStatus(run.Result.Exit.Code, SIGTERM, false), run.Result.Exit);
        Assert.Equal(143, run.Result.Exit.ShellCode);
    }

    [SkippableFact]
    public async Task A_signal_of_the_host_reaches_the_whole_group()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "trap '' TERM; (trap - TERM; echo ready; exec cat) ; echo $?") with
        {
            StandardInput = GuestStream.Piped,
        };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        Assert.Equal("ready", await Lines.ReadAsync(sandbox.StandardOutput));
        sandbox.Signal(SIGTERM, toGroup: true);
        var run = await EngineFixture.FinishAsync(sandbox, spec);
        Assert.Equal("143", run.Succeeded().Output.Trim());
    }

    [SkippableFact]
    public async Task Abort_without_a_core_limit_dumps_none()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("aborts_without_core", scratch);
        Assert.Equal(EndReason.Signaled, run.Result.Reason);
        Assert.Equal(6, run.Result.Exit.Signal);
        Assert.False(run.Result.Exit.CoreDumped);
    }

    [SkippableFact]
    public async Task A_guest_sees_its_own_cpu_mask_and_what_it_sets()
    {
        using var scratch = new Scratch();
        var outside = Unconfined.RunGuest("own_cpu_mask", scratch.Inside).Succeeded().Output;
        Assert.Equal(outside, (await engine.RunGuestAsync("own_cpu_mask", scratch)).Succeeded().Output);
        Assert.True(int.Parse(outside, CultureInfo.InvariantCulture) > 0);
    }

    private static bool Continue(Sandbox sandbox)
    {
        sandbox.Signal(SIGCONT);
        return false;
    }
}
