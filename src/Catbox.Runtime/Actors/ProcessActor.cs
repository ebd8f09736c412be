using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using Catbox.Policy.Tracees;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>
/// One guest process: reads its stops, has its calls judged, answers, and tells the session of its forks and its end. A thin shell around
/// <see cref="ThreadMachine"/> and the judge. Whatever throws in here kills the session (Stop, not Restart: the stop in hand would be
/// lost, and its thread stopped for ever).
/// </summary>
internal sealed partial class ProcessActor : UntypedActor, IStopSink
{
    private readonly SessionContext _session;
    private readonly int _pid;
    private readonly long _generation;
    private readonly int _parentPid;
    private readonly long _parentGeneration;
    private readonly DateTimeOffset _started;
    private readonly Channel<RawStop> _stops = Channel.CreateUnbounded<RawStop>(new() { SingleReader = true });
    private readonly Dictionary<int, GuestThread> _threads = [];
    private readonly IActorRef _self;
    private string _executable;
    private ImmutableArray<string> _arguments = [];
    private int _threadCount = 1;
    private bool _isStub;
    private bool _isStopped;

    public ProcessActor(SessionContext session, int pid, long generation, int parentPid, long parentGeneration, string executable)
    {
        _session = session;
        _pid = pid;
        _generation = generation;
        _parentPid = parentPid;
        _parentGeneration = parentGeneration;
        _executable = executable;
        _started = session.Clock.GetUtcNow();
        _self = Self;
        _isStub = parentPid == 0;

        _threads[pid] = new GuestThread();
    }

    /// <inheritdoc/>
    public ChannelWriter<RawStop> Stops => _stops.Writer;

    public static Props Props(SessionContext session, int pid, long generation, int parentPid, long parentGeneration, string executable) =>
        ActorFactory.Props(() => new ProcessActor(session, pid, generation, parentPid, parentGeneration, executable));

    /// <inheritdoc/>
    public void Notify() => _self.Tell(ProcessProtocol.StopsAvailable.Instance, ActorRefs.NoSender);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _session.Tree.AddProcess(_pid);
        if (_session.Trail.HearsProcesses)
        {
            _session.Trail.Add(new AuditItem { Event = new ProcessStarted(_pid, _generation, _started, _parentPid) });
        }

        _session.Tracer.Send(TracerCommand.AdoptProcess(_session.Traced, _pid, this));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _session.Tree.RemoveProcess(_pid);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not ProcessProtocol.StopsAvailable)
        {
            TakeOther(message);
            return;
        }

        while (_stops.Reader.TryRead(out var stop))
        {
            try
            {
                Take(in stop);
            }
#pragma warning disable CA1031 // Fail closed: an exception of any kind kills the guest, here and not by way of supervision.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Fault($"{stop.Kind} stop", stop.Tid, e.Message);
            }
        }
    }

    private void TakeOther(object message)
    {
        try
        {
            switch (message)
            {
                case ProcessProtocol.Advised advised:
                    TakeAdvice(advised);
                    break;
                case ProcessProtocol.Impatient impatient:
                    TakeImpatience(impatient);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
#pragma warning disable CA1031 // Fail closed, as above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault(message.GetType().Name, _pid, e.Message);
        }
    }

    private void Take(in RawStop stop)
    {
        var happened = stop.Kind switch
        {
            StopKind.Seccomp => ThreadEvent.CallStopped,
            StopKind.Fork => ThreadEvent.Forked,
            StopKind.Exec => ThreadEvent.Executed,
            StopKind.Start => ThreadEvent.Started,
            StopKind.Signal => ThreadEvent.SignalStopped,
            StopKind.Group => ThreadEvent.GroupStopped,
            StopKind.Trap => ThreadEvent.Trapped,
            _ => ThreadEvent.Exited,
        };
        var thread = _threads.GetValueOrDefault(stop.Tid);
        var (phase, effect) = ThreadMachine.Step(thread?.Phase ?? ThreadPhase.Dead, happened);
        if (effect == ThreadEffect.Fault)
        {
            Fault($"{stop.Kind} stop in phase {thread!.Phase}", stop.Tid, "it cannot happen there");
            return;
        }

        thread?.Phase = phase;
        if (stop.Tid == _pid && _isStopped != (phase == ThreadPhase.GroupStopped))
        {
            TellOfJob(in stop);
        }

        if (stop.Kind == StopKind.Fork)
        {
            TakeFork(in stop);
        }
        else if (stop.Kind == StopKind.Exec)
        {
            TakeExec(in stop);
        }

        switch (effect)
        {
            case ThreadEffect.Judge:
                Judge(in stop, thread!);
                break;
            case ThreadEffect.Resume:
                _session.Tracer.Send(TracerCommand.Resume(stop.Tid, stop.Sequence));
                break;
            case ThreadEffect.Deliver:
                _session.Tracer.Send(TracerCommand.Resume(stop.Tid, stop.Sequence, stop.Signal));
                break;
            case ThreadEffect.Listen:
                _session.Tracer.Send(TracerCommand.Listen(stop.Tid, stop.Sequence));
                break;
            case ThreadEffect.Forget:
                TakeExit(in stop);
                break;
        }
    }

    /// <summary>Who shares a terminal with the host is a job of the user's together with it.</summary>
    private void TellOfJob(in RawStop stop)
    {
        _isStopped = !_isStopped;
        if (_session.Spec.ShareTerminal)
        {
            Context.Parent.Tell(_isStopped ? new SessionProtocol.ProcessStopped(_pid, stop.Signal) : new SessionProtocol.ProcessContinued(_pid));
        }
    }

    private void TakeFork(in RawStop stop)
    {
        var child = stop.Message;
        if ((stop.CloneFlags & CloneFlags.CLONE_THREAD) != 0)
        {
            _threads[child] = new GuestThread();
            _threadCount++;
            _session.Tree.AddThread(child, _pid);
            _session.Tracer.Send(TracerCommand.AdoptThread(child, _pid));
        }
        else
        {
            // CLONE_PARENT makes a sibling: its parent is ours.
            var isSibling = (stop.CloneFlags & CloneFlags.CLONE_PARENT) != 0 && _parentPid != 0;
            Context.Parent.Tell(new SessionProtocol.ProcessForked(
                child, isSibling ? _parentPid : _pid, isSibling ? _parentGeneration : _generation, _executable));
        }
    }

    private void TakeExec(in RawStop stop)
    {
        CheckProgram(stop.Message);

        // What it was asking for was another program's call.
        _threads[_pid].Forget();

        // Every other thread is gone; those that say so later are strangers to this dictionary, and dead.
        foreach (var tid in _threads.Keys)
        {
            if (tid != _pid && _threads.Remove(tid, out var gone))
            {
                gone.Forget();
                _session.Tree.RemoveThread(tid);
            }
        }

        var isFirst = _isStub;
        _isStub = false;
        (_executable, var arguments) = _session.Tracer.Inspector.ReadProgram(_pid);
        _arguments = [.. arguments];
        if (_session.Trail.HearsProcesses)
        {
            _session.Trail.Add(new AuditItem
            {
                Event = new ProcessExecuted(_pid, _generation, _session.Clock.GetUtcNow(), _executable, _arguments),
            });
        }

        if (isFirst)
        {
            Context.Parent.Tell(SessionProtocol.RootExecuted.Instance);
        }
    }

    private void TakeExit(in RawStop stop)
    {
        if (_threads.Remove(stop.Tid, out var gone))
        {
            gone.Forget();
        }

        if (stop.Tid != _pid)
        {
            _session.Tree.RemoveThread(stop.Tid);
            return;
        }

        var status = new ExitStatus(
            stop.Status.IsExited ? stop.Status.ExitCode : 0, stop.Status.IsExited ? 0 : stop.Status.TermSignal, stop.Status.CoreDumped);
        _session.Tree.RemoveProcess(_pid);
        Context.Parent.Tell(new SessionProtocol.ProcessEnded(new ProcessRecord(
            _pid,
            _generation,
            _parentPid,
            _parentGeneration,
            _executable,
            _arguments,
            _started,
            _session.Clock.GetUtcNow(),
            status,
            TimeSpan.FromMicroseconds(stop.UserMicroseconds),
            TimeSpan.FromMicroseconds(stop.SystemMicroseconds),
            stop.PeakBytes,
            _threadCount)));
        Context.Stop(Self);
    }

    private void Fault(string operation, int pid, string reason)
    {
        _session.Tracer.Send(TracerCommand.KillSession(_session.Traced));
        Context.Parent.Tell(new SessionProtocol.Faulted(operation, pid, reason));
    }
}
