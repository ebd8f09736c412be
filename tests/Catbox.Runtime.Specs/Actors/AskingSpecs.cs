using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>Calls that somebody else is asked about: when the answer comes, and when it comes too late.</summary>
public sealed class AskingSpecs : TestKit
{
    private const int AT_FDCWD = -100;
    private const int O_WRONLY = 1;
    private const int SIGKILL = 9;
    private const ulong CLONE_THREAD = 0x10000;

    private readonly TestProbe _parent;
    private readonly ScriptedAdvisor _questions = new();

    public AskingSpecs() => _parent = CreateTestProbe();

    [Fact]
    public async Task A_call_is_not_resolved_before_its_answer()
    {
        var (session, guest) = await StartAsync();
        var sequence = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (question, answer) = await _questions.NextAsync();
        Assert.Empty(session.Tracer.AnswersTo(sequence));
        Assert.Equal(("openat", Root, 1L, Root, "/work/file", (ulong)O_WRONLY), (question.Operation, question.Pid, question.Generation, question.Tid, question.First, question.OpenFlags));

        answer(Verdict.Continue);

        Assert.Equal(sequence, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    [Fact]
    public async Task What_was_advised_is_judged_again_by_what_is_there_then()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (_, answer) = await _questions.NextAsync();
        session.Tracer.Paths.Links["/work/file"] = "/etc/passwd";

        answer(Verdict.Continue);

        Assert.Equal(-Errno.EACCES.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
        Assert.Equal(Errno.EACCES, Assert.Single(session.TakeViolations()).Errno);
    }

    [Fact]
    public async Task An_answer_is_used_up_where_something_else_is_there_by_then()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (_, answer) = await _questions.NextAsync();
        session.Tracer.Paths.Links["/work/file"] = "/etc/passwd";
        answer(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.Answer);

        session.Tracer.Paths.Links.Remove("/work/file", out _);
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        Assert.Equal("/work/file", (await _questions.NextAsync()).Question.First);
    }

    [Fact]
    public async Task An_error_that_is_advised_is_the_calls_and_one_violation()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        (await _questions.NextAsync()).Answer(Verdict.Deny(Errno.EDQUOT));

        Assert.Equal(-Errno.EDQUOT.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
        Assert.Equal(Errno.EDQUOT, Assert.Single(session.TakeViolations()).Errno);
    }

    [Fact]
    public async Task A_result_that_is_advised_is_the_calls()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        (await _questions.NextAsync()).Answer(Verdict.Fake(7));

        Assert.Equal(7, (await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Theory]
    [InlineData(nameof(VerdictKind.Continue))]
    [InlineData(nameof(VerdictKind.Fake))]
    [InlineData(nameof(VerdictKind.OnBehalf))]
    public async Task What_the_rules_refuse_no_advice_allows(string kind)
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/etc/passwd", O_WRONLY);

        (await _questions.NextAsync()).Answer(new Verdict(Enum.Parse<VerdictKind>(kind), Errno.None, 0));

        Assert.Equal(-Errno.EACCES.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task Advice_to_kill_kills_the_session()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        (await _questions.NextAsync()).Answer(Verdict.Kill);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task A_second_answer_goes_nowhere()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (_, answer) = await _questions.NextAsync();
        answer(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        answer(Verdict.Deny(Errno.EDQUOT));
        var next = guest.Signal(SIGKILL);

        Assert.Equal(next, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_threads_death_goes_nowhere()
    {
        var (session, guest) = await StartAsync();
        var thread = await CloneAsync(session, guest, 101);
        thread.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (_, answer) = await _questions.NextAsync();
        thread.Die(SIGKILL);

        answer(Verdict.Continue);
        var next = guest.Signal(10);

        Assert.Equal(next, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    [Fact]
    public async Task An_answer_that_comes_after_another_threads_exec_goes_nowhere()
    {
        var (session, guest) = await StartAsync();
        await CloneAsync(session, guest, 101);
        var asked = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        var (_, answer) = await _questions.NextAsync();
        guest.Exec("/bin/other");
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        answer(Verdict.Continue);
        var next = guest.Signal(10);

        Assert.Equal(next, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
        Assert.Empty(session.Tracer.AnswersTo(asked));
    }

    [Fact]
    public async Task Two_threads_wait_at_once_and_are_answered_in_any_order()
    {
        var (session, guest) = await StartAsync();
        var thread = await CloneAsync(session, guest, 101);
        var first = guest.Enter("openat", AT_FDCWD, "/work/a", O_WRONLY);
        var second = thread.Enter("openat", AT_FDCWD, "/work/b", O_WRONLY);
        var (_, answerFirst) = await _questions.NextAsync();
        var (_, answerSecond) = await _questions.NextAsync();

        answerSecond(Verdict.Continue);
        Assert.Equal(second, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
        answerFirst(Verdict.Deny(Errno.EDQUOT));
        Assert.Equal(first, (await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Sequence);
    }

    [Fact]
    public async Task Who_is_not_answered_in_time_is_refused()
    {
        var (session, guest) = await StartAsync(TimeSpan.FromMilliseconds(50));
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        Assert.Equal(-Errno.EPERM.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
        Assert.Single(session.TakeViolations());
    }

    [Fact]
    public async Task Who_has_waited_for_long_waits_in_another_call_and_is_not_asked_about_again()
    {
        var (session, guest) = await StartAsync(patience: TimeSpan.Zero);
        var first = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        Assert.Equal(first, (await session.Tracer.ExpectAsync(TracerCommandKind.Wait)).Sequence);

        (await _questions.NextAsync()).Answer(Verdict.Continue);
        Assert.Equal(first, (await session.Tracer.ExpectAsync(TracerCommandKind.EndWait)).Sequence);
        var second = guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        Assert.Equal(second, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
        Assert.False(_questions.Any);
    }

    [Fact]
    public async Task A_call_that_the_tracer_has_come_again_is_not_asked_about_again()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        (await _questions.NextAsync()).Answer(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        guest.EnterAgain("openat", AT_FDCWD, "/work/file", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.False(_questions.Any);
    }

    [Fact]
    public async Task An_equal_call_that_the_guest_makes_itself_is_asked_about_again()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        (await _questions.NextAsync()).Answer(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        Assert.Equal("/work/file", (await _questions.NextAsync()).Question.First);
    }

    [Fact]
    public async Task A_handler_may_make_calls_of_its_own_while_the_question_is_open()
    {
        var (session, guest) = await StartAsync(patience: TimeSpan.Zero);
        guest.Enter("openat", AT_FDCWD, "/work/outer", O_WRONLY);
        await session.Tracer.ExpectAsync(TracerCommandKind.Wait);
        var (_, answerOuter) = await _questions.NextAsync();
        guest.Signal(10);
        Assert.Equal(10, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Signal);

        guest.Enter("openat", AT_FDCWD, "/work/inner", O_WRONLY);
        await session.Tracer.ExpectAsync(TracerCommandKind.Wait);
        var (_, answerInner) = await _questions.NextAsync();
        answerOuter(Verdict.Deny(Errno.EDQUOT));
        answerInner(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.EndWait);
        guest.Enter("openat", AT_FDCWD, "/work/inner", O_WRONLY);
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        guest.Enter("openat", AT_FDCWD, "/work/outer", O_WRONLY);
        Assert.Equal(-Errno.EDQUOT.Value, (int)(await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Value);
    }

    [Fact]
    public async Task Another_call_than_the_one_that_was_asked_about_is_asked_about_itself()
    {
        var (session, guest) = await StartAsync(patience: TimeSpan.Zero);
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        await session.Tracer.ExpectAsync(TracerCommandKind.Wait);
        (await _questions.NextAsync()).Answer(Verdict.Continue);
        await session.Tracer.ExpectAsync(TracerCommandKind.EndWait);

        guest.Enter("openat", AT_FDCWD, "/work/other", O_WRONLY);

        Assert.Equal("/work/other", (await _questions.NextAsync()).Question.First);
    }

    [Fact]
    public async Task A_question_that_throws_kills_the_session()
    {
        var (session, guest) = await StartAsync();
        _questions.Throws = true;

        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
        await _parent.ExpectMsgAsync<SessionProtocol.Faulted>();
    }

    [Fact]
    public async Task A_signal_stop_of_a_thread_that_waits_for_an_answer_cannot_happen()
    {
        var (session, guest) = await StartAsync();
        guest.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);
        await _questions.NextAsync();

        guest.Signal(10);

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task The_launchs_own_stub_is_asked_about_by_nobody()
    {
        var session = new ScriptedSession(advisor: _questions);
        await _parent.ChildActorOfAsync(ProcessActor.Props(session.Context, Root, 1, 0, 0, string.Empty));
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var stub = session.Tracer.Thread(Root);
        stub.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        var sequence = stub.Enter("openat", AT_FDCWD, "/work/file", O_WRONLY);

        Assert.Equal(sequence, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    private async Task<ScriptedThread> CloneAsync(ScriptedSession session, ScriptedThread maker, int tid)
    {
        maker.Fork(tid, CLONE_THREAD);
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptThread);
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        var thread = session.Tracer.Thread(Root, tid);
        thread.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return thread;
    }

    private async Task<(ScriptedSession Session, ScriptedThread Guest)> StartAsync(TimeSpan? deadline = null, TimeSpan? patience = null)
    {
        var session = new ScriptedSession(advisor: _questions, deadline: deadline, patience: patience);
        await _parent.ChildActorOfAsync(ProcessActor.Props(session.Context, Root, 1, 0, 0, string.Empty));
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var guest = session.Tracer.Thread(Root);
        guest.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        guest.Exec("/bin/guest");
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        await _parent.ExpectMsgAsync<SessionProtocol.RootExecuted>();
        return (session, guest);
    }
}
