using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using CsCheck;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>Answers, deaths and execs in any order.</summary>
public sealed class AskingOrderSpecs : TestKit
{
    private const int AT_FDCWD = -100;
    private const int O_WRONLY = 1;
    private const int SIGKILL = 9;
    private const ulong CLONE_THREAD = 0x10000;

    /// <summary>Three threads; each step one of them enters a call, is answered (rightly, twice, by an old answer), dies, or one executes a program.</summary>
    [Fact]
    public void Whatever_comes_in_whatever_order_each_stop_is_resolved_once_and_no_call_stays_rented() =>
        Gen.Int[0, 99].Array[5, 60].Sample(steps => RunAsync(steps).GetAwaiter().GetResult(), iter: 60, threads: 1);

    private async Task RunAsync(int[] steps)
    {
        var questions = new ScriptedAdvisor();
        var session = new ScriptedSession(advisor: questions);
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
                    answers.Add((tid, waiting[tid], (await questions.NextAsync()).Answer));
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
}
