using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>A process's life: forks, threads, execs, signals, its end.</summary>
public sealed class ProcessLifeSpecs : TestKit
{
    private const int SIGUSR1 = 10;
    private const int SIGSTOP = 19;

    private readonly TestProbe _parent;
    private readonly ScriptedSession _session = new();

    public ProcessLifeSpecs() => _parent = CreateTestProbe();

    [Fact]
    public async Task A_new_process_is_adopted_and_its_start_is_told()
    {
        await StartAsync();

        var started = Assert.IsType<ProcessStarted>(Assert.Single(_session.TakeTrail()).Event);
        Assert.Equal((Root, 1L, 0), (started.Pid, started.Generation, started.ParentPid));
        Assert.True(_session.Context.Tree.HasProcess(Root));
    }

    [Fact]
    public async Task A_fork_is_told_to_the_session_before_the_maker_is_resumed()
    {
        var (_, guest) = await StartAsync();
        guest.Exec("/bin/sh");
        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        await _parent.ExpectMsgAsync<SessionProtocol.RootExecuted>();

        var sequence = guest.Fork(101);

        Assert.Equal(new SessionProtocol.ProcessForked(101, Root, 1, "/bin/sh"), await _parent.ExpectMsgAsync<SessionProtocol.ProcessForked>());
        Assert.Equal(sequence, (await _session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    [Fact]
    public async Task A_child_made_with_CLONE_PARENT_is_its_makers_sibling()
    {
        var (_, guest) = await StartAsync(pid: 101, parent: Root);

        guest.Start();
        guest.Fork(102, CloneFlags.CLONE_PARENT);

        var forked = await _parent.ExpectMsgAsync<SessionProtocol.ProcessForked>();
        Assert.Equal((102, Root, 1L), (forked.Pid, forked.ParentPid, forked.ParentGeneration));
    }

    [Fact]
    public async Task CLONE_PARENT_of_the_first_process_makes_a_child_of_it()
    {
        var (_, guest) = await StartAsync();

        guest.Fork(102, CloneFlags.CLONE_PARENT);

        Assert.Equal(Root, (await _parent.ExpectMsgAsync<SessionProtocol.ProcessForked>()).ParentPid);
    }

    [Fact]
    public async Task A_thread_is_adopted_into_its_process_and_the_session_is_not_bothered()
    {
        var (_, guest) = await StartAsync();

        guest.Fork(101, CloneFlags.CLONE_THREAD | CloneFlags.CLONE_VM);

        var adopted = await _session.Tracer.ExpectAsync(TracerCommandKind.AdoptThread);
        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((101, Root), (adopted.Tid, adopted.Pid));
        Assert.True(_session.Context.Tree.HasThread(101));
        Assert.False(_session.Context.Tree.HasProcess(101));
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task The_calls_of_two_threads_are_answered_each_by_itself()
    {
        var (_, guest) = await StartAsync();
        var thread = await AddThreadAsync(guest, 101);

        var first = guest.Enter("openat", -100, "/work/a", 1);
        var second = thread.Enter("openat", -100, "/etc/a", 1);

        var allowed = await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        var denied = await _session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal((Root, first, 101, second), (allowed.Tid, allowed.Sequence, denied.Tid, denied.Sequence));
    }

    [Fact]
    public async Task The_end_of_a_thread_is_not_the_end_of_its_process()
    {
        var (_, guest) = await StartAsync();
        var thread = await AddThreadAsync(guest, 101);

        thread.Exit(0);
        guest.Signal(SIGUSR1);

        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.False(_session.Context.Tree.HasThread(101));
        Assert.True(_session.Context.Tree.HasProcess(Root));
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task An_exec_takes_the_other_threads_away()
    {
        var (_, guest) = await StartAsync();
        await AddThreadAsync(guest, 101);

        guest.Exec("/bin/true", "true");

        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.False(_session.Context.Tree.HasThread(101));
        Assert.True(_session.Context.Tree.HasThread(Root));
    }

    [Fact]
    public async Task An_exec_right_after_a_call_of_the_leader_is_resumed()
    {
        // Another thread executes while the leader's verdict is on its way: the leader's tid is taken over.
        var (_, guest) = await StartAsync();
        guest.Enter("openat", -100, "/work/a", 1);

        var sequence = guest.Exec("/bin/true");

        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((Root, sequence), await ResumedAsync());
    }

    [Fact]
    public async Task The_late_exit_of_a_thread_that_an_exec_took_away_is_forgotten()
    {
        var (_, guest) = await StartAsync();
        var thread = await AddThreadAsync(guest, 101);
        guest.Exec("/bin/true");
        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        thread.Exit(0);
        var sequence = guest.Signal(SIGUSR1);

        Assert.Equal((Root, sequence), await ResumedAsync());
    }

    [Fact]
    public async Task An_exec_is_told_with_program_and_arguments()
    {
        var (_, guest) = await StartAsync();

        guest.Exec("/usr/bin/printf", "printf", "%s\\n", "x");

        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        var executed = _session.TakeTrail().Select(item => item.Event).OfType<ProcessExecuted>().Single();
        Assert.Equal("/usr/bin/printf", executed.Executable);
        Assert.Equal(["printf", "%s\\n", "x"], executed.Arguments.ToArray());
    }

    [Fact]
    public async Task Only_the_first_exec_of_the_first_process_starts_the_session()
    {
        var (_, guest) = await StartAsync();

        guest.Exec("/bin/sh");
        guest.Exec("/bin/true");
        guest.Exit(0);

        await _parent.ExpectMsgAsync<SessionProtocol.RootExecuted>();
        await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>();
    }

    [Fact]
    public async Task A_signal_is_delivered_by_its_resume()
    {
        var (_, guest) = await StartAsync();

        var sequence = guest.Signal(SIGUSR1);

        var resume = await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((sequence, SIGUSR1), (resume.Sequence, resume.Signal));
    }

    [Fact]
    public async Task A_group_stop_is_listened_to()
    {
        var (_, guest) = await StartAsync();

        var sequence = guest.GroupStop(SIGSTOP);

        Assert.Equal(sequence, (await _session.Tracer.ExpectAsync(TracerCommandKind.Listen)).Sequence);
    }

    [Fact]
    public async Task The_end_of_a_group_stop_resumes_without_a_signal()
    {
        var (_, guest) = await StartAsync();
        guest.GroupStop(SIGSTOP);
        await _session.Tracer.ExpectAsync(TracerCommandKind.Listen);

        var sequence = guest.Trap();

        var resume = await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((sequence, 0), (resume.Sequence, resume.Signal));
    }

    [Fact]
    public async Task A_child_that_is_made_while_its_group_is_stopped_begins_in_that_stop()
    {
        var (_, guest) = await StartAsync(pid: 101, parent: Root);

        guest.GroupStop(SIGSTOP);
        var sequence = guest.Trap();

        await _session.Tracer.ExpectAsync(TracerCommandKind.Listen);
        Assert.Equal((101, sequence), await ResumedAsync());
    }

    [Fact]
    public async Task An_exit_ends_the_actor_and_is_told_with_status_and_costs()
    {
        var (actor, guest) = await StartAsync();
        Watch(actor);
        guest.Exec("/bin/true", "true");

        guest.Publish(new RawStop
        {
            Kind = StopKind.Exit,
            Status = WaitStatus.ForExit(3),
            UserMicroseconds = 1_000,
            SystemMicroseconds = 2_000,
            PeakBytes = 4096,
        });

        await ExpectTerminatedAsync(actor);
        await _parent.ExpectMsgAsync<SessionProtocol.RootExecuted>();
        var record = (await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>()).Record;
        Assert.Equal(new ExitStatus(3, 0, false), record.Status);
        Assert.Equal(
            (Root, 1L, "/bin/true", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), 4096L, 1),
            (record.Pid, record.Generation, record.Executable, record.UserTime, record.SystemTime, record.PeakMemory, record.Threads));
        Assert.False(_session.Context.Tree.HasProcess(Root));
    }

    [Fact]
    public async Task A_record_counts_every_thread_that_there_ever_was()
    {
        var (_, guest) = await StartAsync();
        (await AddThreadAsync(guest, 101)).Exit(0);
        (await AddThreadAsync(guest, 102)).Exit(0);

        guest.Exit(0);

        Assert.Equal(3, (await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>()).Record.Threads);
    }

    [Fact]
    public async Task A_death_by_a_signal_is_told_with_it_and_its_core()
    {
        var (_, guest) = await StartAsync();

        guest.Die(11, core: true);

        Assert.Equal(new ExitStatus(0, 11, true), (await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>()).Record.Status);
    }

    private async Task<(int Tid, long Sequence)> ResumedAsync()
    {
        var resume = await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return (resume.Tid, resume.Sequence);
    }

    private async Task<ScriptedThread> AddThreadAsync(ScriptedThread maker, int tid)
    {
        maker.Fork(tid, CloneFlags.CLONE_THREAD | CloneFlags.CLONE_VM);
        await _session.Tracer.ExpectAsync(TracerCommandKind.AdoptThread);
        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        var thread = _session.Tracer.Thread(Root, tid);
        thread.Start();
        await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return thread;
    }

    private async Task<(IActorRef Actor, ScriptedThread Guest)> StartAsync(int pid = Root, int parent = 0)
    {
        var actor = await _parent.ChildActorOfAsync(ProcessActor.Props(_session.Context, pid, 1, parent, parent == 0 ? 0 : 1, string.Empty));
        await _session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var guest = _session.Tracer.Thread(pid);
        if (pid == Root)
        {
            guest.Start();
            await _session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        }

        return (actor, guest);
    }
}
