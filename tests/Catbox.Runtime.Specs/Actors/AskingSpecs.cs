using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using CsCheck;
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
    private readonly Questions _questions = new();

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

    /// <summary>Three threads; each step one of them enters a call, is answered (rightly, twice, by an old answer), dies, or one executes a program.</summary>
    [Fact]
    public void Whatever_comes_in_whatever_order_each_stop_is_resolved_once_and_no_call_stays_rented() =>
        Gen.Int[0, 99].Array[5, 60].Sample(steps => RunAsync(steps).GetAwaiter().GetResult(), iter: 60, threads: 1);

    private async Task RunAsync(int[] steps)
    {
        var session = new ScriptedSession(advisor: _questions);
        _questions.Clear();
        var actor = Sys.ActorOf(ProcessActor.Props(session.Context, Root, 1, 0, 0, string.Empty));
        var guest = session.Tracer.Thread(Root);
        guest.Start();
        guest.Exec("/bin/guest");
        List<long> resolved = [];
        Dictionary<int, long> waiting = [];
        List<(int Tid, long Sequence, Action<Verdict> Answer)> answers = [];
        var threads = new Dictionary<int, ScriptedThread> { [Root] = guest };
        var next = 101;
        foreach (var step in steps)
        {
            var tids = threads.Keys.Order().ToList();
            var tid = tids[step % tids.Count];
            switch (step / 10)
            {
                case 0 or 1 when !waiting.ContainsKey(Root) && threads.Count < 4:
                    guest.Fork(next, CLONE_THREAD);
                    threads[next] = session.Tracer.Thread(Root, next);
                    threads[next++].Start();
                    break;
                case 2 or 3 or 4 or 5 when !waiting.ContainsKey(tid):
                    waiting[tid] = threads[tid].Enter("openat", AT_FDCWD, $"/work/{step}", O_WRONLY);
                    answers.Add((tid, waiting[tid], (await _questions.NextAsync()).Answer));
                    break;
                case 6 or 7 when answers.Count > 0:
                    var (of, sequence, answer) = answers[step % answers.Count];
                    answer(step % 2 == 0 ? Verdict.Continue : Verdict.Deny(Errno.EDQUOT));
                    if (waiting.TryGetValue(of, out var current) && current == sequence)
                    {
                        waiting.Remove(of);
                        Resolve(sequence);
                    }

                    break;
                case 8 when tid != Root:
                    threads[tid].Die(SIGKILL);
                    threads.Remove(tid);
                    waiting.Remove(tid);
                    break;
                case 9 when step == 99:
                    guest.Exec("/bin/other");
                    waiting.Clear();
                    threads = new() { [Root] = guest };
                    break;
                default:
                    break;
            }
        }

        foreach (var (of, sequence, answer) in answers.Where(a => waiting.TryGetValue(a.Tid, out var current) && current == a.Sequence))
        {
            answer(Verdict.Continue);
            Resolve(sequence);
        }

        guest.Exit(0);
        await WatchAsync(actor);
        await ExpectTerminatedAsync(actor, ScriptedTracer.Patience);
        Assert.DoesNotContain(session.Tracer.Sent, static command => command.Kind == TracerCommandKind.KillSession);
        Assert.All(answers, a => Assert.Equal(resolved.Contains(a.Sequence) ? 1 : 0, session.Tracer.AnswersTo(a.Sequence).Count));
        Assert.Equal(0, session.Context.Calls.InUse);

        // Advice and stops come by two ways: what comes after the one must not overtake it here.
        void Resolve(long sequence)
        {
            resolved.Add(sequence);
            Assert.True(SpinWait.SpinUntil(() => session.Tracer.AnswersTo(sequence).Count == 1, ScriptedTracer.Patience), $"stop {sequence} is not resolved");
        }
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

    private sealed class Questions : ICallAdvisor
    {
        private System.Threading.Channels.Channel<(CallQuestion, Action<Verdict>)> _asked =
            System.Threading.Channels.Channel.CreateUnbounded<(CallQuestion, Action<Verdict>)>();

        public bool Throws { get; set; }

        public bool Any => _asked.Reader.TryPeek(out _);

        public void Ask(CallQuestion question, Action<Verdict> answer)
        {
            if (Throws)
            {
                throw new InvalidOperationException("scripted");
            }

            _asked.Writer.TryWrite((question, answer));
        }

        public void Clear() => _asked = System.Threading.Channels.Channel.CreateUnbounded<(CallQuestion, Action<Verdict>)>();

        public async Task<(CallQuestion Question, Action<Verdict> Answer)> NextAsync()
        {
            using var patience = new CancellationTokenSource(ScriptedTracer.Patience);
            return await _asked.Reader.ReadAsync(patience.Token);
        }
    }
}
