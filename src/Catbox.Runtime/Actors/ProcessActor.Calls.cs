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

internal sealed partial class ProcessActor
{
    private void Judge(in RawStop stop, GuestThread thread)
    {
        var row = _session.Table.Find(stop.Number);
        if (row is null)
        {
            // A guest's own filter can bring a number here that ours answers alone; it is answered the same.
            Answer(in stop, -Errno.ENOSYS.Value);
            return;
        }

        var call = _session.Calls.Rent();
        _session.Judge.Judge(
            row,
            in stop.Args,
            _session.Tracer.MemoryOf(_pid, stop.Tid),
            _session.Tracer.PathsOf(_pid, stop.Tid),
            _session.Tree.Bind(_pid, stop.Tid),
            call.Request,
            call.Judgement);
        if (_session.Tracer.AsksElsewhere(_pid, stop.Tid, stop.Sequence))
        {
            LeaveToTracer(in stop);
        }
        else if (!Asks(in stop, row, thread, call, out var advised) && !FollowsAdvice(in stop, row, call, advised))
        {
            Carry(in stop, row, call);
        }

        if (!call.IsKept)
        {
            call.Release();
        }
    }

    /// <summary>Carries the verdict of the rules out.</summary>
    private void Carry(in RawStop stop, SyscallRow row, GuestCall call)
    {
        var judgement = call.Judgement;
        if (judgement.IsViolation)
        {
            Record(in stop, row, judgement);
        }

        if (row.ChangesCredentials(stop.Args[0]))
        {
            // Before the call is made: whoever looks from now on looks at each thread, each time.
            _session.Traced.Credentials = GuestCredentials.Various;
        }

        switch (judgement.Verdict.Kind)
        {
            case VerdictKind.Continue:
                Enact(in stop, call);
                break;
            case VerdictKind.Deny:
                Answer(in stop, -judgement.Verdict.Errno.Value);
                break;
            case VerdictKind.Fake:
                Answer(in stop, judgement.Verdict.Result);
                break;
            case VerdictKind.OnBehalf:
                ActOnBehalf(in stop, row);
                break;
            case VerdictKind.Kill:
                KillForViolation();
                break;
        }
    }

    private void KillForViolation()
    {
        _session.Tracer.Send(TracerCommand.KillSession(_session.Traced));
        Context.Parent.Tell(SessionProtocol.ViolationKilled.Instance);
    }

    private void Answer(in RawStop stop, long value)
    {
        Settle(in stop);
        _session.Tracer.Send(TracerCommand.Answer(stop.Tid, stop.Sequence, value));
    }

    private void LetGo(in RawStop stop)
    {
        Settle(in stop);
        _session.Tracer.Send(TracerCommand.LetGo(stop.Tid, stop.Sequence));
    }

    private void Settle(in RawStop stop) => Step(_threads[stop.Tid], ThreadEvent.VerdictGiven);

    /// <summary>The tracer resolves the stop, now or when something else has ended. It may have the guest come to its call again.</summary>
    private void LeaveToTracer(in RawStop stop) => Step(_threads[stop.Tid], ThreadEvent.LeftToTracer);

    private static void Step(GuestThread thread, ThreadEvent happened)
    {
        var (phase, effect) = ThreadMachine.Step(thread.Phase, happened);
        if (effect == ThreadEffect.Fault)
        {
            throw new InvalidOperationException($"{happened} in phase {thread.Phase}");
        }

        thread.Phase = phase;
    }

    private void Record(in RawStop stop, SyscallRow row, Judgement judgement)
    {
        var draft = Draft(stop.Tid, row.Name, judgement.ViolationErrno, judgement.Subject);
        draft.LetThrough = judgement.Verdict.Kind == VerdictKind.Continue;
        draft.SetPaths(judgement.Given.Span, judgement.Resolved.Span);
        _session.Trail.Add(new AuditItem { Violation = draft });
    }

    /// <summary>A violation of this process, by now, that was refused; its paths are still to be set.</summary>
    private ViolationDraft Draft(int tid, string operation, Errno errno, ViolationSubject subject)
    {
        var draft = _session.Trail.Rent();
        draft.Pid = _pid;
        draft.Generation = _generation;
        draft.Tid = tid;
        draft.Time = _session.Clock.GetUtcNow();
        draft.Operation = operation;
        draft.Errno = errno;
        draft.LetThrough = false;
        draft.Subject = subject;
        draft.Executable = _executable;
        return draft;
    }

    private void ActOnBehalf(in RawStop stop, SyscallRow row)
    {
        switch (row.Shape)
        {
            case RequestShape.Signal:
                Answer(in stop, SignalGroup(in stop));
                break;
            case RequestShape.Affinity:
                // The engine gave the task another mask than its own for a while; without that the kernel's answer is the true one.
                var target = stop.Args[0] == 0 ? stop.Tid : (int)stop.Args[0];
                _session.Tracer.Send(TracerCommand.Unplace(target, forGood: row.SetsAffinity));
                LetGo(in stop);
                break;
            default:
                Answer(in stop, -Errno.EPERM.Value);
                break;
        }
    }

    /// <summary>
    /// kill(2) with a pid of 0, -1 or a group: the kernel would also reach processes outside that share the group or the user, so the tracer sends
    /// the signal, to the session's own alone.
    /// </summary>
    private long SignalGroup(in RawStop stop)
    {
        var target = (int)stop.Args[0];
        var signal = (int)stop.Args[1];
        var group = target switch
        {
            0 => _session.Tracer.Inspector.GroupOf(_pid),
            -1 => 0,
            _ => -target,
        };
        var any = false;
        foreach (var pid in _session.Tree.Processes)
        {
            // kill(-1) spares the caller; a group does not.
            if (target == -1 ? pid != _pid : _session.Tracer.Inspector.GroupOf(pid) == group)
            {
                any = true;
                if (signal is > 0 and <= 64)
                {
                    _session.Tracer.Send(TracerCommand.SendSignal(_session.Traced, pid, signal));
                }
            }
        }

        // Whether there is anybody comes before what is sent.
        return !any ? -Errno.ESRCH.Value : signal is < 0 or > 64 ? -Errno.EINVAL.Value : 0;
    }
}
