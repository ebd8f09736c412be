using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Rules;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>A session from its launch to its result, with its process actors and its auditor; only the tracer is scripted.</summary>
public sealed class SessionActorSpecs : TestKit
{
    [Fact]
    public async Task A_session_begins_with_a_launch()
    {
        var session = new ScriptedSession();

        Start(session);

        Assert.Same(session.Plan, (await session.Tracer.ExpectAsync(TracerCommandKind.Launch)).Plan);
    }

    [Fact]
    public async Task The_first_process_is_adopted_which_lets_it_go()
    {
        var session = new ScriptedSession();
        Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);

        Spawn(session);

        Assert.Equal(Root, (await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess)).Tid);
    }

    [Fact]
    public async Task The_hook_holds_the_guest_until_it_returns()
    {
        var session = new ScriptedSession();
        var called = new TaskCompletionSource<int>();
        var release = new TaskCompletionSource();
        Start(session, new SandboxHooks
        {
            ChildInitialized = async (pid, _) =>
            {
                called.SetResult(pid);
                await release.Task;
            },
        });
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        Spawn(session);

        Assert.Equal(Root, await called.Task);
        Assert.DoesNotContain(session.Tracer.Sent, command => command.Kind == TracerCommandKind.AdoptProcess);
        release.SetResult();

        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
    }

    [Fact]
    public async Task A_hook_that_throws_ends_the_session_as_failed_and_the_guest_never_runs()
    {
        var session = new ScriptedSession();
        Start(session, new SandboxHooks { ChildInitialized = (_, _) => throw new InvalidOperationException("no quota") });
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        Spawn(session);

        await UntilAsync(session, TracerCommandKind.AdoptProcess, TracerCommandKind.KillSession);
        session.Tracer.Thread(Root).Die(9);

        var result = await session.Handle.Completion;
        Assert.Equal((EndReason.HookFailed, true), (result.Reason, result.Fault!.Contains("no quota", StringComparison.Ordinal)));
        Assert.DoesNotContain(session.Tracer.Sent, command => command.Kind == TracerCommandKind.Resume);
    }

    [Fact]
    public async Task A_session_that_ends_cancels_the_hook_that_still_holds_its_guest()
    {
        var session = new ScriptedSession();
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var actor = Start(session, new SandboxHooks
        {
            ChildInitialized = async (_, token) =>
            {
                await using var registration = token.Register(cancelled.SetResult);
                called.SetResult();
                await cancelled.Task;
            },
        });
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        Spawn(session);
        await called.Task;

        actor.Tell(new SessionProtocol.Kill(EndReason.Killed));

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        await cancelled.Task;
        Assert.Equal(EndReason.Killed, (await session.Handle.Completion).Reason);
    }

    [Theory]
    [InlineData("execve", 2, 127)]
    [InlineData("execve", 13, 126)]
    [InlineData("chdir", 2, 125)]
    public async Task A_launch_that_fails_fails_the_start_with_the_conventional_exit_code(string step, int errno, int exitCode)
    {
        var session = new ScriptedSession();
        Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        Spawn(session);
        await UntilAsync(session, TracerCommandKind.AdoptProcess);
        ((ISessionSink)session.Handle).LaunchFailed(step, Root, new Errno(errno));
        session.Tracer.Thread(Root).Die(9);

        var error = await Assert.ThrowsAsync<SandboxLaunchException>(() => session.Handle.Started);
        Assert.Equal((step, Root, errno, exitCode), (error.Operation, error.Pid, error.Errno.Value, error.ExitCode));
        Assert.Equal(EndReason.Faulted, (await session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_launch_that_makes_no_process_ends_the_session_at_once()
    {
        var session = new ScriptedSession();
        var actor = Start(session);
        Watch(actor);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);

        ((ISessionSink)session.Handle).LaunchFailed("posix_spawn of the stub", 0, Errno.ENOMEM);

        Assert.Equal(125, (await Assert.ThrowsAsync<SandboxLaunchException>(() => session.Handle.Started)).ExitCode);
        await ExpectTerminatedAsync(actor);
        Assert.Contains(session.Tracer.Sent, command => command.Kind == TracerCommandKind.EndSession);
    }

    [Fact]
    public async Task A_first_process_that_dies_before_its_exec_fails_the_start()
    {
        var session = new ScriptedSession();
        Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        Spawn(session);
        await UntilAsync(session, TracerCommandKind.AdoptProcess);

        session.Tracer.Thread(Root).Die(9);

        await Assert.ThrowsAsync<SandboxLaunchException>(() => session.Handle.Started);
    }

    [Fact]
    public async Task A_session_has_started_when_its_program_runs()
    {
        var session = new ScriptedSession();

        await RunAsync(session);

        Assert.Equal(Root, (await session.Handle.Started).Pid);
    }

    [Fact]
    public async Task The_result_tells_the_exit_of_the_first_process_and_the_tree()
    {
        var session = new ScriptedSession();
        var guest = await RunAsync(session);
        var child = await ForkAsync(session, guest, 101);
        child.Exec("/bin/true", "true");
        child.Exit(0);
        guest.Exit(7);

        var result = await session.Handle.Completion;

        Assert.Equal((EndReason.Exited, new ExitStatus(7, 0, false)), (result.Reason, result.Exit));
        Assert.Equal(
            [(Root, 1L, 0, "/bin/guest"), (101, 2L, Root, "/bin/true")],
            result.Processes.Select(process => (process.Pid, process.Generation, process.ParentPid, process.Executable)));
        Assert.Equal((1, 2, 2), ((int)result.Stops.Fork, (int)result.Stops.Exec, (int)result.Stops.ChildStart));
    }

    [Fact]
    public async Task A_first_process_that_a_signal_ended_is_told_as_signaled()
    {
        var session = new ScriptedSession();
        (await RunAsync(session)).Die(15);

        Assert.Equal((EndReason.Signaled, 15), ((await session.Handle.Completion).Reason, (await session.Handle.Completion).Exit.Signal));
    }

    [Fact]
    public async Task What_outlives_the_first_process_is_killed_by_default()
    {
        var session = new ScriptedSession();
        var guest = await RunAsync(session);
        var daemon = await ForkAsync(session, guest, 101);

        guest.Exit(0);
        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        Assert.False(session.Handle.Completion.IsCompleted);
        daemon.Die(9);

        Assert.Equal((EndReason.Exited, 0), ((await session.Handle.Completion).Reason, (await session.Handle.Completion).Exit.Code));
    }

    [Fact]
    public async Task What_outlives_the_first_process_is_waited_for_where_the_spec_says_so()
    {
        var session = new ScriptedSession(change: spec => spec with { Daemons = DaemonPolicy.Wait });
        var guest = await RunAsync(session);
        var daemon = await ForkAsync(session, guest, 101);

        guest.Exit(3);
        daemon.Exec("/bin/sleep");
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.False(session.Handle.Completion.IsCompleted);
        daemon.Exit(0);

        Assert.Equal(3, (await session.Handle.Completion).Exit.Code);
        Assert.DoesNotContain(session.Tracer.Sent, command => command.Kind == TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task A_process_too_many_is_killed_before_its_first_instruction()
    {
        var session = new ScriptedSession(change: spec => spec with { MaxProcesses = 1 });
        var guest = await RunAsync(session);

        guest.Fork(101);

        Assert.Equal(101, (await UntilAsync(session, TracerCommandKind.Kill)).Tid);
    }

    [Fact]
    public async Task A_child_that_is_a_process_too_many_leaves_its_maker_alive()
    {
        var session = new ScriptedSession(change: spec => spec with { MaxProcesses = 1 });
        var guest = await RunAsync(session);
        guest.Fork(101);
        await UntilAsync(session, TracerCommandKind.Kill);
        session.Tracer.Thread(101).Die(9);

        guest.Exit(0);

        Assert.Equal(EndReason.Exited, (await session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_signal_goes_to_the_first_process_or_to_its_group()
    {
        var session = new ScriptedSession();
        await RunAsync(session);

        session.Handle.Signal(15);
        session.Handle.Signal(2, toGroup: true);

        var first = await session.Tracer.ExpectAsync(TracerCommandKind.Signal);
        var second = await session.Tracer.ExpectAsync(TracerCommandKind.Signal);
        Assert.Equal((Root, 15, -Root, 2), (first.Tid, first.Signal, second.Tid, second.Signal));
    }

    [Fact]
    public async Task A_kill_that_comes_before_the_actor_lives_is_not_forgotten()
    {
        var session = new ScriptedSession();
        var killed = session.Handle.KillAsync();
        Start(session);
        await UntilAsync(session, TracerCommandKind.KillSession);

        ((ISessionSink)session.Handle).LaunchFailed("the stub died before it was let go", Root, Errno.ESRCH);

        await killed;
        Assert.Equal(EndReason.Killed, (await session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_first_process_that_comes_after_the_kill_never_runs()
    {
        var session = new ScriptedSession();
        var actor = Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        actor.Tell(new SessionProtocol.Kill(EndReason.Killed));
        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);

        Spawn(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        session.Tracer.Thread(Root).Die(9);

        Assert.Equal(EndReason.Killed, (await session.Handle.Completion).Reason);
        Assert.DoesNotContain(session.Tracer.Sent, command => command.Kind == TracerCommandKind.Resume);
    }

    [Fact]
    public async Task The_first_reason_to_end_is_the_one_that_is_told()
    {
        var session = new ScriptedSession();
        var actor = Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        var guest = await GoOnAsync(session);

        actor.Tell(SessionProtocol.TimedOut.Instance);
        actor.Tell(new SessionProtocol.Kill(EndReason.Killed));
        guest.Die(9);

        Assert.Equal(EndReason.TimedOut, (await session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_violation_under_a_policy_that_kills_ends_the_session_by_it()
    {
        var session = new ScriptedSession(new SandboxPolicy { OnViolation = OnViolation.Kill });
        var guest = await RunAsync(session);

        guest.Enter("openat", -100, "/etc/passwd", 1);
        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        guest.Die(9);

        var result = await session.Handle.Completion;
        Assert.Equal((EndReason.ViolationKill, 1L), (result.Reason, result.ViolationCount));
    }

    [Fact]
    public async Task A_judgement_that_throws_ends_the_session_as_faulted()
    {
        var session = new ScriptedSession();
        var guest = await RunAsync(session);
        session.Tracer.Paths.Failure = new InvalidOperationException("the disk is gone");

        guest.Enter("openat", -100, "/work/file", 1);
        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        guest.Die(9);

        var result = await session.Handle.Completion;
        Assert.Equal(EndReason.Faulted, result.Reason);
        Assert.Contains("the disk is gone", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_loop_ends_the_session_as_faulted()
    {
        var session = new ScriptedSession();
        var guest = await RunAsync(session);

        ((ISessionSink)session.Handle).Faulted("PTRACE_SETREGS", Root, Errno.EIO);
        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        guest.Die(9);

        Assert.Equal("PTRACE_SETREGS, pid 100: EIO", (await session.Handle.Completion).Fault);
    }

    [Fact]
    public async Task A_process_actor_that_dies_ends_its_session_as_faulted()
    {
        var session = new ScriptedSession();
        await RunAsync(session);

        // The start of the child's actor throws: nobody will tell of its end.
        session.Tracer.Refused = 101;
        session.Tracer.Thread(Root).Fork(101);

        await UntilAsync(session, TracerCommandKind.KillSession);
        session.Tracer.Thread(Root).Die(9);
        var result = await session.Handle.Completion;
        Assert.Equal((EndReason.Faulted, 9), (result.Reason, result.Exit.Signal));
        Assert.StartsWith("actor 101-2: ", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_whose_first_process_has_no_actor_ends_as_faulted()
    {
        var session = new ScriptedSession();
        session.Tracer.Refused = Root;
        Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);

        Spawn(session);

        var result = await session.Handle.Completion;
        Assert.Equal((EndReason.Faulted, 9), (result.Reason, result.Exit.Signal));
        Assert.Contains(session.Tracer.Sent, command => command.Kind == TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task An_actor_that_is_stopped_from_outside_kills_its_guests_and_the_result_says_so()
    {
        var session = new ScriptedSession();
        var actor = Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        await GoOnAsync(session);

        Sys.Stop(actor);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        Assert.Equal(EndReason.Faulted, (await session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_session_is_gone_when_its_result_is_told()
    {
        var session = new ScriptedSession();
        var actor = Start(session);
        Watch(actor);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        var guest = await GoOnAsync(session);

        guest.Exit(0);

        await ExpectTerminatedAsync(actor);
        Assert.True(session.Handle.Completion.IsCompletedSuccessfully);
        Assert.Equal(TracerCommandKind.EndSession, session.Tracer.Sent[^1].Kind);
    }

    [Fact]
    public async Task A_stranger_that_was_killed_is_told_to_its_hook()
    {
        var session = new ScriptedSession();
        var told = new TaskCompletionSource<int>();
        Start(session, new SandboxHooks
        {
            ChildDiedUnexpectedly = (tid, _) =>
            {
                told.SetResult(tid);
                return Task.CompletedTask;
            },
        });
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        await GoOnAsync(session);

        ((ISessionSink)session.Handle).Unexpected(999);

        Assert.Equal(999, await told.Task);
    }

    private IActorRef Start(ScriptedSession session, SandboxHooks? hooks = null) =>
        Sys.ActorOf(SessionActor.Props(session.Handle, session.Context, session.Plan, hooks));

    private static void Spawn(ScriptedSession session) => ((ISessionSink)session.Handle).Spawned(Root);

    /// <summary>Starts a session and brings it to where its program runs; every command up to there is read.</summary>
    private async Task<ScriptedThread> RunAsync(ScriptedSession session)
    {
        Start(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        return await GoOnAsync(session);
    }

    private static async Task<ScriptedThread> GoOnAsync(ScriptedSession session)
    {
        Spawn(session);
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var guest = session.Tracer.Thread(Root);
        guest.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        guest.Exec("/bin/guest", "guest");
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        await session.Handle.Started;
        return guest;
    }

    private static async Task<ScriptedThread> ForkAsync(ScriptedSession session, ScriptedThread maker, int child)
    {
        maker.Fork(child);
        await UntilAsync(session, TracerCommandKind.AdoptProcess, TracerCommandKind.Resume);
        var thread = session.Tracer.Thread(child);
        thread.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return thread;
    }

    /// <summary>Reads commands until each of these kinds has come, in whatever order: several actors send.</summary>
    /// <returns>The last of them.</returns>
    private static async Task<TracerCommand> UntilAsync(ScriptedSession session, params ImmutableArray<TracerCommandKind> kinds)
    {
        var missing = kinds.ToHashSet();
        TracerCommand command;
        do
        {
            command = await session.Tracer.NextAsync();
            missing.Remove(command.Kind);
        }
        while (missing.Count > 0);
        return command;
    }
}
