using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

// How an allowed call is made.
internal sealed partial class ProcessActor
{
    private void Enact(in RawStop stop, Judgement judgement)
    {
        if (judgement.NeedsOwnTable && !_session.JudgesAndContinues && _session.Tracer.SharesDescriptors(stop.Tid))
        {
            // As on a file system that does not have it: whoever asks has a way without.
            Answer(in stop, -Errno.EOPNOTSUPP.Value);
            return;
        }

        // Until its program runs, the first process is the launch's own stub, which has one thread and memory that nobody shares.
        var kind = _isStub || _session.JudgesAndContinues ? EnactmentKind.AsItStands : EnactmentPlanner.Of(_session.Request, judgement);
        switch (kind)
        {
            case EnactmentKind.OnBehalf:
                PerformOnBehalf(in stop, judgement);
                break;
            case EnactmentKind.Slot:
                MakeInSlot(in stop, judgement);
                break;
            default:
                LetGo(in stop);
                break;
        }
    }

    private void PerformOnBehalf(in RawStop stop, Judgement judgement)
    {
        switch (_session.Tracer.CallsOf(_pid, stop.Tid).Perform(_session.Request, judgement, out var result))
        {
            case BehalfOutcome.Done:
                Answer(in stop, result);
                break;
            case BehalfOutcome.JudgeAgain:
                Settle(in stop);
                _session.Tracer.Send(TracerCommand.Retry(stop.Tid, stop.Sequence));
                break;
            case BehalfOutcome.Waits:
                Settle(in stop);
                break;
            default:
                LetGo(in stop);
                break;
        }
    }

    private void MakeInSlot(in RawStop stop, Judgement judgement)
    {
        var call = _session.SlotCall;
        SlotCalls.Plan(_session.Request, judgement, call);
        if (!call.Refusal.IsSuccess)
        {
            Answer(in stop, -call.Refusal.Value);
            return;
        }

        NoteProgram(stop.Tid, judgement);
        Settle(in stop);
        _session.Tracer.MakeInSlot(stop.Tid, stop.Sequence, call);
    }
}
