using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

// How an allowed call is made.
internal sealed partial class ProcessActor
{
    private void Enact(in RawStop stop, Judgement judgement)
    {
        var kind = _session.JudgesAndContinues ? EnactmentKind.AsItStands : EnactmentPlanner.Of(_session.Request, judgement);
        switch (kind)
        {
            case EnactmentKind.OnBehalf:
                if (_session.Tracer.CallsOf(_pid, stop.Tid).TryPerform(_session.Request, judgement, out var result))
                {
                    Answer(in stop, result);
                }
                else
                {
                    Settle(in stop);
                    _session.Tracer.Send(TracerCommand.Retry(stop.Tid, stop.Sequence));
                }

                break;
            default:
                Settle(in stop);
                _session.Tracer.Send(TracerCommand.Resume(stop.Tid, stop.Sequence));
                break;
        }
    }
}
