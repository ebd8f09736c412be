using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>A process's calls: what it is answered, and what is written down.</summary>
public sealed class ProcessActorSpecs : TestKit
{
    private const int AT_FDCWD = -100;
    private const int O_WRONLY = 1;
    private const int SIGTERM = 15;

    private readonly TestProbe _parent;

    public ProcessActorSpecs() => _parent = CreateTestProbe();

    [Fact]
    public async Task An_allowed_call_is_resumed_with_the_sequence_of_its_stop()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((Root, sequence, 0), (answer.Tid, answer.Sequence, answer.Signal));
    }

    [Fact]
    public async Task An_allowed_call_leaves_no_violation()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Empty(session.TakeViolations());
    }

    [Theory]
    [InlineData("getuid", 0)]
    [InlineData("clone", 17)]
    [InlineData("setrlimit", 7)]
    [InlineData("openat", 0)]
    public async Task A_call_that_only_others_want_to_see_goes_on_as_it_stands(string call, int first)
    {
        var session = new ScriptedSession(othersWatch: true);
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter(call, first);

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal((Root, sequence, 0), (answer.Tid, answer.Sequence, answer.Signal));
        Assert.Empty(session.Tracer.InSlots);
        Assert.Empty(session.TakeViolations());
    }

    [Fact]
    public async Task A_judgement_whose_question_is_asked_elsewhere_is_void_and_the_next_one_counts()
    {
        var session = new ScriptedSession();
        session.Tracer.FarJudgements = 1;
        var (_, guest) = await StartAsync(session);

        var first = guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);
        var second = guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal(second, answer.Sequence);
        Assert.Empty(session.Tracer.AnswersTo(first));
        Assert.Single(session.TakeViolations());
    }

    [Fact]
    public async Task A_write_outside_is_answered_with_EACCES()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal((Root, sequence, -Errno.EACCES.Value), (answer.Tid, answer.Sequence, (int)answer.Value));
    }

    [Fact]
    public async Task A_write_outside_is_one_violation_that_tells_who_and_what()
    {
        var session = new ScriptedSession();
        session.Tracer.Paths.Links["/work/link"] = "/etc/passwd";
        var (_, guest) = await StartAsync(session);

        guest.Enter("openat", AT_FDCWD, "link", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        var violation = Assert.Single(session.TakeViolations());
        Assert.Equal(
            (Root, 1L, Root, "openat", "link", "/etc/passwd", Errno.EACCES, false, ViolationSubject.Write),
            (violation.Pid, violation.Generation, violation.Tid, violation.Operation, violation.GivenText, violation.ResolvedText, violation.Errno,
                violation.LetThrough, violation.Subject));
    }

    [Fact]
    public async Task A_path_in_memory_that_is_not_mapped_is_answered_with_EFAULT_and_never_let_through()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, ScriptedMemory.Unmapped, O_WRONLY);

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal((sequence, -Errno.EFAULT.Value), (answer.Sequence, (int)answer.Value));
    }

    [Fact]
    public async Task A_path_without_an_end_is_answered_with_ENAMETOOLONG()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        guest.Enter("openat", AT_FDCWD, Enumerable.Repeat((byte)'a', 5000).ToArray(), O_WRONLY);

        Assert.Equal(-Errno.ENAMETOOLONG.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task A_number_without_a_row_is_answered_with_ENOSYS(int number)
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        guest.EnterNumber(number);

        Assert.Equal(-Errno.ENOSYS.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task Each_of_many_stops_gets_one_answer_in_the_order_of_its_stop()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);
        var sequences = new List<long>();
        for (var i = 0; i < 200; i++)
        {
            sequences.Add(guest.Enter("openat", AT_FDCWD, i % 2 == 0 ? "/work/a" : "/etc/a", O_WRONLY));
        }

        var answered = new List<(TracerCommandKind Kind, long Sequence)>();
        for (var i = 0; i < 200; i++)
        {
            var command = await session.Tracer.NextAsync();
            answered.Add((command.Kind, command.Sequence));
        }

        Assert.Equal(sequences.Select((s, i) => (i % 2 == 0 ? TracerCommandKind.Resume : TracerCommandKind.Answer, s)), answered);
        Assert.Equal(100, session.TakeViolations().Length);
    }

    [Fact]
    public async Task Under_collect_only_a_write_outside_is_let_through_and_recorded_as_such()
    {
        var session = new ScriptedSession(new SandboxPolicy { OnViolation = OnViolation.Log });
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);

        Assert.Equal(sequence, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
        Assert.True(Assert.Single(session.TakeViolations()).LetThrough);
    }

    [Fact]
    public async Task Where_the_policy_kills_a_violation_kills_the_session_and_its_stop_is_never_answered()
    {
        var session = new ScriptedSession(new SandboxPolicy { OnViolation = OnViolation.Kill });
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        await _parent.ExpectMsgAsync<SessionProtocol.ViolationKilled>();
        Assert.Empty(session.Tracer.AnswersTo(sequence));
        Assert.Single(session.TakeViolations());
    }

    [Fact]
    public async Task A_resolver_that_throws_kills_the_session_and_tells_why()
    {
        var session = new ScriptedSession();
        session.Tracer.Paths.Failure = new InvalidOperationException("the disk is gone");
        var (_, guest) = await StartAsync(session);

        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        var faulted = await _parent.ExpectMsgAsync<SessionProtocol.Faulted>();
        Assert.Equal((Root, "the disk is gone"), (faulted.Pid, faulted.Reason));
    }

    [Fact]
    public async Task A_stop_whose_judgement_threw_is_never_answered()
    {
        var session = new ScriptedSession();
        session.Tracer.Paths.Failure = new InvalidOperationException();
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        guest.Die(9);

        await _parent.ExpectMsgAsync<SessionProtocol.Faulted>();
        await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>();
        Assert.Empty(session.Tracer.AnswersTo(sequence));
    }

    [Fact]
    public async Task A_stop_that_cannot_happen_kills_the_session()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Start();

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        Assert.Equal(Root, (await _parent.ExpectMsgAsync<SessionProtocol.Faulted>()).Pid);
        Assert.Empty(session.Tracer.AnswersTo(sequence));
    }

    [Fact]
    public async Task A_process_that_dies_while_its_call_is_judged_ends_in_order_and_is_no_fault()
    {
        var session = new ScriptedSession();
        var (actor, guest) = await StartAsync(session);
        Watch(actor);

        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        guest.Die(9);

        await _parent.ExpectMsgAsync<SessionProtocol.ProcessEnded>();
        await ExpectTerminatedAsync(actor);
        Assert.DoesNotContain(session.Tracer.Sent, command => command.Kind == TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task A_signal_to_the_callers_group_goes_to_the_sessions_members_of_it_alone_and_then_the_call_returns()
    {
        var session = new ScriptedSession();
        session.Tracer.Processes.Groups[Root] = 50;
        session.Tracer.Processes.Groups[101] = 50;
        session.Tracer.Processes.Groups[102] = 60;
        session.Tracer.Processes.Groups[7] = 50;
        session.Context.Tree.AddProcess(101);
        session.Context.Tree.AddProcess(102);
        var (_, guest) = await StartAsync(session);

        var sequence = guest.Enter("kill", 0, SIGTERM);

        var signalled = new[] { await session.Tracer.ExpectAsync(TracerCommandKind.Signal), await session.Tracer.ExpectAsync(TracerCommandKind.Signal) };
        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal([(Root, SIGTERM), (101, SIGTERM)], signalled.Select(command => (command.Tid, command.Signal)).Order());
        Assert.Equal((sequence, 0L), (answer.Sequence, answer.Value));
    }

    [Fact]
    public async Task A_signal_to_everybody_spares_the_caller()
    {
        var session = new ScriptedSession();
        session.Context.Tree.AddProcess(101);
        var (_, guest) = await StartAsync(session);

        guest.Enter("kill", -1, SIGTERM);

        Assert.Equal(101, (await session.Tracer.ExpectAsync(TracerCommandKind.Signal)).Tid);
        Assert.Equal(0, (await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task A_signal_to_a_group_without_members_in_the_session_finds_nobody()
    {
        var session = new ScriptedSession();
        session.Tracer.Processes.Groups[Root] = 50;
        session.Tracer.Processes.Groups[7] = 70;
        var (_, guest) = await StartAsync(session);

        guest.Enter("kill", -70, SIGTERM);

        Assert.Equal(-Errno.ESRCH.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task Signal_0_to_a_group_asks_and_sends_nothing()
    {
        var session = new ScriptedSession();
        session.Tracer.Processes.Groups[Root] = 50;
        var (_, guest) = await StartAsync(session);

        guest.Enter("kill", 0, 0);

        Assert.Equal(0, (await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(-1)]
    public async Task A_signal_that_there_is_not_is_EINVAL(int signal)
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        guest.Enter("kill", 0, signal);

        Assert.Equal(-Errno.EINVAL.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task A_signal_to_a_process_outside_is_refused_and_a_violation()
    {
        var session = new ScriptedSession();
        session.Tracer.Processes.Others[7] = false;
        var (_, guest) = await StartAsync(session);

        guest.Enter("kill", 7, SIGTERM);

        Assert.Equal(-Errno.EPERM.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
        Assert.Equal(ViolationSubject.Process, Assert.Single(session.TakeViolations()).Subject);
    }

    [Fact]
    public async Task A_refused_socket_is_recorded_by_the_name_that_catbox_1_7_gave_it()
    {
        var session = new ScriptedSession();
        var (_, guest) = await StartAsync(session);

        guest.Enter("socket", 2, 1, 0);

        await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal("socket", Assert.Single(session.TakeViolations()).Operation);
    }

    [Fact]
    public async Task What_is_missing_is_ENOENT_and_no_violation()
    {
        var session = new ScriptedSession();
        session.Tracer.Paths.Kinds["/etc/missing"] = FileKind.Unknown;
        var (_, guest) = await StartAsync(session);

        guest.Enter("unlink", "/etc/missing");

        Assert.Equal(-Errno.ENOENT.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
        Assert.Empty(session.TakeViolations());
    }

    [Fact]
    public async Task What_it_does_not_understand_is_unhandled()
    {
        var session = new ScriptedSession();
        var (actor, _) = await StartAsync(session);

        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));
        actor.Tell("hello");

        Assert.Equal("hello", (await ExpectMsgAsync<Akka.Event.UnhandledMessage>()).Message);
    }

    private async Task<(IActorRef Actor, ScriptedThread Guest)> StartAsync(ScriptedSession session)
    {
        var actor = await _parent.ChildActorOfAsync(ProcessActor.Props(session.Context, Root, 1, 0, 0, string.Empty));
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var guest = session.Tracer.Thread(Root);
        guest.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return (actor, guest);
    }
}
