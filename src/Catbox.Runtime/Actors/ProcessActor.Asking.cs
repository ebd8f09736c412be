using Akka.Actor;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Tracees;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

// Calls that somebody else is asked about, and answers later.
//
// The guest stays in its stop meanwhile, and holds nobody else; after a while it waits in a call that a signal ends (TracerLoop.Asking). With the advice its call is judged again: what is there then counts,
// and what was found out before is forgotten. A signal's handler may run in between and come to calls of its own, so a thread can have several questions open. Advice names its question by a number. A
// thread that was killed, or whose process has executed another program, has no questions any more, and the advice is dropped.
internal sealed partial class ProcessActor
{
    /// <summary>More questions than this a thread does not have open: handlers that never return to their call leave theirs behind, and the oldest is dropped.</summary>
    private const int MaxQuestions = 8;

    private long _lastQuestion;

    /// <summary>Whether the call waits for advice now.</summary>
    /// <param name="stop">Its stop.</param>
    /// <param name="row">Its row.</param>
    /// <param name="thread">Its thread.</param>
    /// <param name="call">The call, judged.</param>
    /// <param name="advised">What was advised; null where nobody was asked.</param>
    private bool Asks(in RawStop stop, SyscallRow row, GuestThread thread, GuestCall call, out Verdict? advised)
    {
        advised = null;
        // Until its program runs, the first process is the launch's own stub: what it does is the engine's.
        if (_session.Advisor is not { } advisor || _isStub)
        {
            return false;
        }

        if (!stop.IsAgain)
        {
            CloseUsed(thread);
        }

        var question = QuestionOf(stop.Tid, row, call);
        var open = FindEqual(thread, question);
        if (open?.Advice is { } advice)
        {
            // The tracer may have the guest come to its call again, before it is made: it is the same call, and was answered.
            open.IsUsed = true;
            advised = advice;
            return false;
        }

        if (thread.Questions is { Count: > 0 } && call.Judgement.Verdict.Kind is VerdictKind.Deny or VerdictKind.Kill)
        {
            // Something else is there than was asked about, and the rules refuse that whatever anybody says.
            return false;
        }

        Step(thread, ThreadEvent.Asked);
        thread.Asked = stop;
        thread.Awaits = open ?? Ask(advisor, stop.Tid, thread, question);
        var impatient = new ProcessProtocol.Impatient(stop.Tid, stop.Sequence);
        if (_session.AdvicePatience == TimeSpan.Zero)
        {
            TakeImpatience(impatient);
        }
        else
        {
            Context.System.Scheduler.ScheduleTellOnce(_session.AdvicePatience, _self, impatient, _self);
        }

        return true;
    }

    /// <summary>Without a closure in <see cref="Asks"/>, which would be made where nobody is asked, too.</summary>
    private static OpenQuestion? FindEqual(GuestThread thread, CallQuestion question) => thread.Questions?.Find(other => other.Question == question);

    private CallQuestion QuestionOf(int tid, SyscallRow row, GuestCall call) => new()
    {
        Operation = row.Name,
        Pid = _pid,
        Generation = _generation,
        Tid = tid,
        Program = _executable,
        First = PathText.Escape(call.Judgement.First.Canonical),
        Second = PathText.Escape(call.Judgement.Second.Canonical),
        OpenFlags = row.Shape == RequestShape.Open ? call.Request.OpenFlags : 0,
        RulesErrno = call.Judgement.Verdict.Kind == VerdictKind.Deny ? call.Judgement.Verdict.Errno.Value : 0,
    };

    private OpenQuestion Ask(ICallAdvisor advisor, int tid, GuestThread thread, CallQuestion question)
    {
        var (self, number) = (_self, ++_lastQuestion);
        var open = new OpenQuestion(number, question)
        {
            Deadline = Context.System.Scheduler.ScheduleTellOnceCancelable(_session.AdviceDeadline, self, new ProcessProtocol.Advised(tid, number, Verdict.Deny(Errno.EPERM), IsDeadline: true), self),
        };
        thread.Questions ??= [];
        if (thread.Questions.Count >= MaxQuestions)
        {
            Close(thread, thread.Questions[0]);
        }

        thread.Questions.Add(open);
        advisor.Ask(question, advice => self.Tell(new ProcessProtocol.Advised(tid, number, advice, IsDeadline: false), ActorRefs.NoSender));
        return open;
    }

    private static void CloseUsed(GuestThread thread)
    {
        for (var i = (thread.Questions?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (thread.Questions![i].IsUsed)
            {
                Close(thread, thread.Questions[i]);
            }
        }
    }

    private static void Close(GuestThread thread, OpenQuestion open)
    {
        open.Deadline?.Cancel();
        thread.Questions!.Remove(open);
    }

    private void TakeAdvice(ProcessProtocol.Advised advised)
    {
        if (!_threads.TryGetValue(advised.Tid, out var thread) || thread.Questions?.Find(question => question.Number == advised.Question) is not { } open)
        {
            return;
        }

        if (open.Advice is not null)
        {
            // A second answer, or the end of the time in which the first one counts.
            if (advised.IsDeadline)
            {
                Close(thread, open);
            }

            return;
        }

        open.Advice = advised.Advice;
        if (thread.Awaits != open)
        {
            return; // A handler has come between: the call finds the advice when it comes again.
        }

        thread.Awaits = null;
        if (thread.Phase == ThreadPhase.Asking)
        {
            Step(thread, ThreadEvent.Advised);
            Judge(in thread.Asked, thread);

            // Also where something else is there by now: a later call is asked about again.
            open.IsUsed = true;
        }
        else
        {
            _session.Tracer.Send(TracerCommand.EndWait(advised.Tid, thread.Asked.Sequence));
        }
    }

    /// <summary>The thread has waited in its stop for long enough: from now on it takes signals.</summary>
    private void TakeImpatience(ProcessProtocol.Impatient impatient)
    {
        if (_threads.TryGetValue(impatient.Tid, out var thread) && thread.Phase == ThreadPhase.Asking && thread.Asked.Sequence == impatient.Sequence)
        {
            Step(thread, ThreadEvent.Waited);
            _session.Tracer.Send(TracerCommand.Wait(impatient.Tid, impatient.Sequence));
        }
    }

    /// <summary>What becomes of a call that the rules allow, by the advice.</summary>
    /// <returns>False where the rules decide.</returns>
    private bool FollowsAdvice(in RawStop stop, SyscallRow row, GuestCall call, Verdict? advised)
    {
        if (advised is not { Kind: not VerdictKind.Continue } advice || call.Judgement.Verdict.Kind is VerdictKind.Deny or VerdictKind.Kill)
        {
            return false;
        }

        if (advice.Kind == VerdictKind.Fake)
        {
            Answer(in stop, advice.Result);
            return true;
        }

        var errno = advice.Kind == VerdictKind.Deny && !advice.Errno.IsSuccess ? advice.Errno : Errno.EPERM;
        var draft = Draft(stop.Tid, row.Name, errno, ViolationSubject.Call);
        draft.SetPaths(call.Judgement.Given.Span, call.Judgement.First.Canonical);
        _session.Trail.Add(new AuditItem { Violation = draft });
        if (advice.Kind == VerdictKind.Kill)
        {
            KillForViolation();
        }
        else
        {
            Answer(in stop, -errno.Value);
        }

        return true;
    }
}
