using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

// How an allowed call is made.
internal sealed partial class ProcessActor
{
    private void Enact(in RawStop stop, GuestCall call)
    {
        var judgement = call.Judgement;
        if (judgement.NeedsOwnTable && !_session.JudgesAndContinues && _session.Tracer.SharesDescriptors(stop.Tid))
        {
            // As on a file system that does not have it: whoever asks has a way without.
            Answer(in stop, -Errno.EOPNOTSUPP.Value);
            return;
        }

        // Until its program runs, the first process is the launch's own stub, which has one thread and memory that nobody shares.
        var kind = _isStub || _session.JudgesAndContinues ? EnactmentKind.AsItStands : EnactmentPlanner.Of(call.Request, judgement);
        switch (kind)
        {
            case EnactmentKind.OnBehalf:
                PerformOnBehalf(in stop, call);
                break;
            case EnactmentKind.Slot:
                MakeInSlot(in stop, call);
                break;
            default:
                LetGo(in stop);
                break;
        }
    }

    private void PerformOnBehalf(in RawStop stop, GuestCall call)
    {
        switch (_session.Tracer.CallsOf(_pid, stop.Tid).Perform(call, out var result))
        {
            case BehalfOutcome.Done:
                Answer(in stop, result);
                break;
            case BehalfOutcome.JudgeAgain:
                Settle(in stop);
                _session.Tracer.Send(TracerCommand.Retry(stop.Tid, stop.Sequence));
                break;
            case BehalfOutcome.Waits:
                LeaveToTracer(in stop);
                break;
            default:
                LetGo(in stop);
                break;
        }
    }

    private void MakeInSlot(in RawStop stop, GuestCall call)
    {
        SlotCalls.Plan(call.Request, call.Judgement, call.Plan);
        if (!call.Plan.Refusal.IsSuccess)
        {
            Answer(in stop, -call.Plan.Refusal.Value);
            return;
        }

        NoteProgram(stop.Tid, call);
        LeaveToTracer(in stop);
        _session.Tracer.MakeInSlot(stop.Tid, stop.Sequence, call.Plan);
    }
}
