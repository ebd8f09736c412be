using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Catbox.Policy;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>
/// One session: launches the stub, holds it for the hook, knows how many processes live, and decides when it is over. Process actors are its
/// children. Its end is one item in the trail, after everything that came before.
/// </summary>
#pragma warning disable CA1001 // An actor is disposed of in PostStop, where the token source is.
internal sealed partial class SessionActor : UntypedActor, IWithTimers
#pragma warning restore CA1001
{
    private readonly SandboxSession _handle;
    private readonly SessionContext _session;
    private readonly LaunchPlan _plan;
    private readonly SandboxHooks? _hooks;
    private readonly DateTimeOffset _started;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly CpuAccounts _cpu = new();

    /// <summary>The actors of the processes that have not ended.</summary>
    private readonly HashSet<IActorRef> _processes = [];
    private IActorRef _root = ActorRefs.Nobody;
    private bool _rootHasEnded;
    private int _rootPid;
    private bool _isRunning;
    private bool _isOver;
    private EndReason? _reason;
    private string? _fault;
    private ExitStatus _exit;
    private SandboxLaunchException? _launchError;

    public SessionActor(SandboxSession handle, SessionContext session, LaunchPlan plan, SandboxHooks? hooks)
    {
        _handle = handle;
        _session = session;
        _plan = plan;
        _hooks = hooks;
        _started = session.Clock.GetUtcNow();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SandboxSession handle, SessionContext session, LaunchPlan plan, SandboxHooks? hooks) =>
        ActorFactory.Props(() => new SessionActor(handle, session, plan, hooks));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _handle.Attach(Self);
        Context.Watch(Context.ActorOf(AuditorActor.Props(_session.Trail, _session.Spec, _hooks, _handle), "auditor"));
        if (_session.Spec.Timeout is { } timeout)
        {
            Timers.StartSingleTimer("timeout", SessionProtocol.TimedOut.Instance, timeout);
        }

        _session.Tracer.Send(TracerCommand.Launch(_session.Traced, _plan));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
        if (!_isOver)
        {
            // The actor system ends under us, or this actor was stopped: nothing may run on unwatched.
            _session.Tracer.Send(TracerCommand.KillSession(_session.Traced));
        }

        if (!_handle.Completion.IsCompleted)
        {
            // Nobody else will: the auditor is gone too, and whoever waits for a result must get one.
            _handle.Abandon(_fault ?? "the session's actor was stopped");
        }
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        // The sender is the child that failed.
        Self.Tell(new SessionProtocol.ActorFailed(Sender, e.Message));
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionProtocol.RootSpawned spawned:
                HoldRoot(spawned.Pid);
                break;
            case SessionProtocol.LaunchFailed failed:
                FailLaunch(failed);
                break;
            case SessionProtocol.HookCompleted completed:
                ReleaseRoot(completed.Error);
                break;
            case SessionProtocol.RootExecuted:
                _isRunning = true;
                _handle.Start(_rootPid);
                break;
            case SessionProtocol.ProcessForked forked:
                AddProcess(forked);
                break;
            case SessionProtocol.ProcessEnded ended:
                RemoveProcess(Sender, ended.Record);
                break;
            case SessionProtocol.ProcessStopped stopped:
                TakeStop(stopped.Pid, stopped.Signal);
                break;
            case SessionProtocol.ProcessContinued continued:
                TakeContinue(continued.Pid);
                break;
            case SessionProtocol.JobSettled:
                TellOfStop();
                break;
            case SessionProtocol.Faulted faulted:
                _fault ??= $"{faulted.Operation}, pid {faulted.Pid}: {faulted.Reason}";
                End(EndReason.Faulted);
                break;
            case SessionProtocol.ActorFailed failed:
                FailByActor(failed);
                break;
            case SessionProtocol.StopUnheard unheard when _processes.Contains(unheard.Actor):
                FailByActor(new SessionProtocol.ActorFailed(unheard.Actor, "it was stopped before its process, and a stop has reached nobody"));
                break;
            case SessionProtocol.StopUnheard:
                break; // The process has ended, or its actor has failed: what lies there was read with another one, or is of no use any more.
            case SessionProtocol.ViolationKilled:
                End(EndReason.ViolationKill);
                break;
            case SessionProtocol.TimedOut:
                End(EndReason.TimedOut);
                break;
            case SessionProtocol.Kill kill:
                End(kill.Reason);
                break;
            case SessionProtocol.SendSignal signal when _rootPid > 0:
                // Behind the first process, those that are left stand for it.
                var target = _rootHasEnded ? 0 : signal.ToGroup ? -_rootPid : _rootPid;
                _session.Tracer.Send(TracerCommand.SendSignal(_session.Traced, target, signal.Signal));
                break;
            case SessionProtocol.SendSignal:
                break;
            case SessionProtocol.StrangerKilled stranger:
                _session.Trail.Add(new AuditItem { Stranger = stranger.Tid });
                break;
            case Terminated:
                // The auditor has told the result, and is the last to go.
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void HoldRoot(int pid)
    {
        _rootPid = pid;
        if (_isOver)
        {
            return;
        }

        if (_reason is null && _hooks?.ChildInitialized is { } hook)
        {
            var self = Self;
            var token = _lifetime.Token;
            _ = Task.Run(
                async () =>
                {
                    Exception? error = null;
                    try
                    {
                        await hook(pid, token).ConfigureAwait(false);
                    }
#pragma warning disable CA1031 // The hook is the user's; whatever it throws ends its own session.
                    catch (Exception e)
#pragma warning restore CA1031
                    {
                        error = e;
                    }

                    self.Tell(new SessionProtocol.HookCompleted(error));
                },
                CancellationToken.None);
        }
        else
        {
            _root = StartProcess(pid, 0, 0, string.Empty);
        }
    }

    private void ReleaseRoot(Exception? error)
    {
        if (_isOver)
        {
            return;
        }

        // Adopted also where it is to die: its end is then seen like any other.
        _root = StartProcess(_rootPid, 0, 0, string.Empty);
        if (error is not null)
        {
            _fault ??= $"hook child_initialized failed, pid {_rootPid}: {error.Message}";
            End(EndReason.HookFailed);
        }
    }

    private void FailLaunch(SessionProtocol.LaunchFailed failed)
    {
        var isExec = failed.Operation == "execve";
        var what = PathText.Escape(_session.Spec.Command[0].Bytes);
        _launchError = isExec
            ? new SandboxLaunchException(
                $"{what}: cannot be executed ({failed.Errno})", failed.Operation, failed.Pid, failed.Errno, failed.Errno == Errno.ENOENT ? 127 : 126)
            : new SandboxLaunchException($"launch of {what}: {failed.Operation}, pid {failed.Pid}: {failed.Errno}", failed.Operation, failed.Pid, failed.Errno);
        End(EndReason.Faulted);
    }

    private void AddProcess(SessionProtocol.ProcessForked forked)
    {
        StartProcess(forked.Pid, forked.ParentPid, forked.ParentGeneration, forked.Executable);
        if (_processes.Count > _session.Spec.MaxProcesses)
        {
            // Before its first instruction: it is stopped, and the kill comes before its resume.
            _session.Tracer.Send(TracerCommand.Kill(forked.Pid));
        }
    }

    private IActorRef StartProcess(int pid, int parentPid, long parentGeneration, string executable)
    {
        var generation = _session.NextGeneration();
        _cpu.Open(generation);
        var process = Context.ActorOf(
            ProcessActor.Props(_session, pid, generation, parentPid, parentGeneration, executable).WithDispatcher(Context.Props.Dispatcher),
            string.Create(CultureInfo.InvariantCulture, $"{pid}-{generation}"));
        _processes.Add(process);
        return process;
    }

    private void RemoveProcess(IActorRef process, ProcessRecord record)
    {
        _processes.Remove(process);
        TakeContinue(record.Pid);
        _session.Trail.Add(new AuditItem { Ended = _cpu.Close(record) }, _session.Trail.HearsProcesses);
        if (record.Pid == _rootPid && record.ParentPid == 0)
        {
            _exit = record.Status ?? default;
            _rootHasEnded = true;
            if (_launchError is null && !_isRunning && _reason is null)
            {
                _launchError = new SandboxLaunchException("the stub died before it executed the command", "execve", record.Pid, Errno.ESRCH);
            }

            if (_session.Spec.Daemons == DaemonPolicy.Kill || _launchError is not null)
            {
                _session.Tracer.Send(TracerCommand.KillSession(_session.Traced));
            }
        }

        FinishWhenEmpty();
    }

    /// <summary>An actor of ours is gone by an exception. Its process is killed with the others, and nobody is left to tell of its end.</summary>
    private void FailByActor(SessionProtocol.ActorFailed failed)
    {
        _fault ??= $"actor {failed.Actor.Path.Name}: {failed.Reason}";
        _processes.Remove(failed.Actor);
        if (failed.Actor.Equals(_root))
        {
            _exit = new ExitStatus(0, Signals.SIGKILL, false);
        }

        End(EndReason.Faulted);
    }

    private void End(EndReason reason)
    {
        _reason ??= reason;
        _session.Tracer.Send(TracerCommand.KillSession(_session.Traced));
        FinishWhenEmpty();
    }

    private void FinishWhenEmpty()
    {
        // A stub that is being spawned reports itself or its failure; until then an end waits for it.
        if (_processes.Count > 0 || _isOver || (_rootPid == 0 && _launchError is null))
        {
            return;
        }

        _isOver = true;
        if (_root.IsNobody())
        {
            // It ended before its first process was adopted, and that one was killed where it was held.
            _exit = new ExitStatus(0, Signals.SIGKILL, false);
        }

        _session.Tracer.Send(TracerCommand.EndSession(_session.Traced));
        if (_launchError is not null)
        {
            _handle.FailStart(_launchError);
        }

        var reason = _reason ?? (_exit.Signal == 0 ? EndReason.Exited : EndReason.Signaled);
        _session.Trail.Finish(new SessionEnd(
            reason,
            _exit,
            _session.Clock.GetUtcNow() - _started,
            Counts(),
            _fault ?? _launchError?.Message,
            _handle.Temporary));
        Timers.CancelAll();
    }

    private StopCounts Counts()
    {
        var counters = _session.Traced.Counters;
        var bySyscall = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (var number = 0; number < counters.SyscallCount; number++)
        {
            if (counters.OfSyscall(number) > 0)
            {
                bySyscall[_session.Table.Find(number)?.Name ?? $"syscall {number}"] = counters.OfSyscall(number);
            }
        }

        return new StopCounts
        {
            Seccomp = counters.Of(StopKind.Seccomp),
            Fork = counters.Of(StopKind.Fork),
            Exec = counters.Of(StopKind.Exec),
            ChildStart = counters.Of(StopKind.Start),
            Signal = counters.Of(StopKind.Signal),
            Group = counters.Of(StopKind.Group),
            Other = counters.Of(StopKind.Trap),
            BySyscall = bySyscall.ToImmutable(),
        };
    }
}
