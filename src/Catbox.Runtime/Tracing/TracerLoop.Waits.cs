using System.Diagnostics;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

internal sealed partial class TracerLoop
{
    /// <summary>More tasks than this whose maker is not known are not kept.</summary>
    private const int MaxUnclaimed = 4096;

    /// <summary>Tasks whose first stop came before their maker's fork event.</summary>
    private readonly Dictionary<int, WaitStatus> _unclaimed = [];

    /// <summary>First processes that wait for their session's hook: they have no maker any more, and are nobody's strangers.</summary>
    private readonly HashSet<int> _heldRoots = [];

    private void WaitOnce()
    {
        var tid = Wait.Any(0, out var status, ref _usage);
        if (tid == _doorbell.Pid)
        {
            if (status.IsStopped)
            {
                if (_doorbell.Acknowledge(status.StopSignal))
                {
                    _placement.Sweep(Stopwatch.GetTimestamp());
                    _doorbell.Resume();
                }
            }
            else
            {
                ReplaceDoorbell();
            }
        }
        else if (tid > 0)
        {
            Observe(tid, status);
        }
        else if (tid == -10 /* ECHILD */)
        {
            ReplaceDoorbell();
        }
    }

    /// <summary>Somebody killed the doorbell. Without one the loop is deaf: it gets another, or ends and takes its guests with it.</summary>
    private void ReplaceDoorbell()
    {
        var (operation, errno) = _doorbell.Open();
        if (errno.IsSuccess)
        {
            return;
        }

        Fail(operation, errno);
        RunQueued();
    }

    /// <summary>The loop cannot go on: every session of it is killed and faulted, and it ends.</summary>
    internal void Fail(string operation, Errno errno)
    {
        _stopping = true;
        foreach (var session in _processes.Values.Select(static p => p.Session).Distinct().ToList())
        {
            Fault(session, operation, 0, errno);
        }
    }

    private void Observe(int tid, WaitStatus status)
    {
        if (!_tracees.TryGetValue(tid, out var tracee))
        {
            ObserveStranger(tid, status);
        }
        else if (!status.IsStopped)
        {
            ObserveExit(tracee, status);
        }
        else
        {
            switch (status.Event)
            {
                case Ptrace.PTRACE_EVENT_SECCOMP:
                    ObserveCall(tracee);
                    break;
                case Ptrace.PTRACE_EVENT_FORK or Ptrace.PTRACE_EVENT_VFORK or Ptrace.PTRACE_EVENT_CLONE:
                    ObserveFork(tracee);
                    break;
                case Ptrace.PTRACE_EVENT_EXEC:
                    ObserveExec(tracee);
                    break;
                case Ptrace.PTRACE_EVENT_STOP when status.StopSignal == Signals.SIGTRAP:
                    if (tracee.HasStarted && tracee.State != TraceeState.Listening)
                    {
                        // A SIGCONT wakes all threads of a traced process that runs, and of no other (ptrace_trap_notify, kernel/signal.c).
                        RepeatCall(tracee, 0);
                    }

                    Publish(tracee, new RawStop { Kind = tracee.HasStarted ? StopKind.Trap : StopKind.Start });
                    tracee.HasStarted = true;
                    break;
                case Ptrace.PTRACE_EVENT_STOP:
                    // A task that was made while its group was being stopped starts in a group stop.
                    tracee.HasStarted = true;
                    LeaveInterrupted(tracee);
                    Publish(tracee, new RawStop { Kind = StopKind.Group, Signal = status.StopSignal });
                    break;
                case 0 when status.StopSignal == Ptrace.SyscallStop:
                    ObserveCallEnd(tracee);
                    break;
                default:
                    ObserveSignal(tracee, status.StopSignal);
                    break;
            }
        }
    }

    private void ObserveCall(Tracee tracee)
    {
        // GETREGS and not GET_SYSCALL_INFO: it brings the number and the arguments too, and an answer then needs no second read. That the call is
        // an x86-64 one is the filter's first test; a guest's own filter cannot bring another to a stop, since ours answers KILL, which outranks TRACE.
        if (!Ptrace.GetRegs(tracee.Tid, ref tracee.Regs).IsSuccess)
        {
            return; // Killed while it was stopped: its exit comes next.
        }

        if (tracee.IsRepeating)
        {
            GiveUpRepeat(tracee);
            return;
        }

        var stop = new RawStop { Kind = StopKind.Seccomp, Number = (long)tracee.Regs.orig_rax, IsAgain = tracee.ComesAgain };
        tracee.ComesAgain = false;
        stop.Args[0] = tracee.Regs.rdi;
        stop.Args[1] = tracee.Regs.rsi;
        stop.Args[2] = tracee.Regs.rdx;
        stop.Args[3] = tracee.Regs.r10;
        stop.Args[4] = tracee.Regs.r8;
        stop.Args[5] = tracee.Regs.r9;
        tracee.Process.Session.Counters.CountSyscall(stop.Number);
        Publish(tracee, stop);
    }

    private void ObserveFork(Tracee tracee)
    {
        const ulong vfork = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK;
        var regs = default(UserRegs);
        if (!Ptrace.GetEventMessage(tracee.Tid, out var child).IsSuccess || !Ptrace.GetRegs(tracee.Tid, ref regs).IsSuccess)
        {
            return;
        }

        // The kind of event does not tell what is shared (clone(CLONE_VM|SIGCHLD) is a fork event): the flags do.
        var flags = regs.orig_rax switch
        {
            56 => regs.rdi,
            58 => vfork,
            _ => 0UL,
        };
        _placement.OnFork(tracee, (int)child);
        Inherit(tracee, (int)child, flags);
        ShareTables(tracee, (int)child, flags);
        Publish(tracee, new RawStop { Kind = StopKind.Fork, Message = (int)child, CloneFlags = flags });
        if ((flags & CloneFlags.CLONE_VFORK) != 0)
        {
            BeginVfork(tracee, (int)child);
        }
    }

    private void ObserveExec(Tracee tracee)
    {
        if (!Ptrace.GetEventMessage(tracee.Tid, out var former).IsSuccess)
        {
            return;
        }

        // The address space is another one now, and a thread that was not the leader has become it: its old tid is gone without an exit.
        var process = tracee.Process;
        EndVfork(tracee.Tid);
        Io.Close(process.MemoryFd);
        process.MemoryFd = -1;
        process.Space = new();
        ForgetSlots(tracee);
        Tracee? caller = null;
        var isOther = (int)former != tracee.Tid;
        if (isOther && _tracees.Remove((int)former, out caller))
        {
            _placement.Unplace(caller, forGood: false);
            ForgetSlots(caller);
        }

        PartTables(tracee, isOther, caller);

        if (process.Session.RootPid == tracee.Tid)
        {
            process.Session.IsLaunching = false;
        }

        Publish(tracee, new RawStop { Kind = StopKind.Exec, Message = (int)former });
    }

    private void ObserveSignal(Tracee tracee, int signal)
    {
        var session = tracee.Process.Session;
        if (signal == Signals.SIGTRAP && session.IsLaunching && tracee.Tid == session.RootPid)
        {
            LaunchStepFailed(session, tracee.Tid);
            return;
        }

        if (signal == Signals.SIGSYS && tracee.Slot.HidesTrap)
        {
            tracee.Slot.HidesTrap = false;
            Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
            return;
        }

        // A handler's calls are others than the one that was to be made again.
        tracee.ComesAgain = false;
        tracee.Slot.TakesAlternative = false;
        RepeatCall(tracee, signal);
        Publish(tracee, new RawStop { Kind = StopKind.Signal, Signal = signal });
    }

    private void ObserveExit(Tracee tracee, WaitStatus status)
    {
        var process = tracee.Process;
        _tracees.Remove(tracee.Tid);
        EndVfork(tracee.Tid);
        _placement.OnExit(tracee);
        ForgetSlots(tracee);
        LeaveTables(tracee);
        var stop = new RawStop
        {
            Kind = StopKind.Exit,
            Status = status,
            UserMicroseconds = (_usage.utime_sec * 1_000_000) + _usage.utime_usec,
            SystemMicroseconds = (_usage.stime_sec * 1_000_000) + _usage.stime_usec,
            PeakBytes = _usage.maxrss * 1024,
        };
        if (tracee.Tid == process.Pid)
        {
            // The leader is reported when all its threads are gone: the process has ended.
            Io.Close(process.MemoryFd);
            process.MemoryFd = -1;
            _processes.Remove(process.Pid);
            process.Session.Processes.Remove(process.Pid);
        }

        Publish(tracee, stop);
        if (_unclaimed.Count > 0)
        {
            KillOrphanedStrangers(process.Session, hostIsParent: true);
        }
    }

    /// <summary>An event of a task that is not known (yet).</summary>
    private void ObserveStranger(int tid, WaitStatus status)
    {
        if (_stubs.TryGetValue(tid, out var session))
        {
            ObserveStub(tid, session, status);
        }
        else
        {
            if (_unclaimed.Count >= MaxUnclaimed)
            {
                DropOldEnds();
            }

            if (_unclaimed.Count >= MaxUnclaimed && status.IsStopped)
            {
                _ = Signals.Kill(tid, Signals.SIGKILL);
                return; // Its end comes next.
            }

            // Also an end is kept: a task can be killed before its first stop, and before its maker's event is read; whoever claims it learns of it.
            _unclaimed[tid] = status;
        }
    }

    /// <summary>The stub makes the first process and is gone.</summary>
    private void ObserveStub(int pid, TracedSession session, WaitStatus status)
    {
        if (!status.IsStopped)
        {
            _stubs.Remove(pid);
            session.StubPid = 0;
            if (session.RootPid == 0)
            {
                session.Sink.LaunchFailed("the stub died before it made the first process", pid, Errno.ESRCH);
            }
        }
        else if (status.Event == Ptrace.PTRACE_EVENT_FORK && Ptrace.GetEventMessage(pid, out var child).IsSuccess)
        {
            session.RootPid = (int)child;
            session.IsRootHeld = true;
            _heldRoots.Add(session.RootPid);
            session.IsLaunching = true;
            if (session.IsKilled)
            {
                _ = Signals.Kill(session.RootPid, Signals.SIGKILL);
            }

            session.Sink.Spawned(session.RootPid);
            _ = Ptrace.Cont(pid, 0);
        }
        else if (status.Event == 0 && status.StopSignal == Signals.SIGTRAP)
        {
            // LaunchFailed is told here, and its exit is then no news.
            session.RootPid = -1;
            LaunchStepFailed(session, pid);
        }
        else
        {
            _ = Ptrace.Cont(pid, status.Event == 0 ? status.StopSignal : 0);
        }
    }

    /// <summary>
    /// A maker that is killed right after its fork never reports it, and its child would stay stopped for ever: when a process ends, strangers
    /// that have no live maker are killed.
    /// </summary>
    private void KillOrphanedStrangers(TracedSession session, bool hostIsParent)
    {
        // While a stub is there, its child's stop may have come before its own fork event.
        hostIsParent |= _stubs.Count > 0;
        foreach (var (tid, status) in _unclaimed)
        {
            // An end may still be claimed, by any session; see DropOldEnds.
            if (_heldRoots.Contains(tid) || !status.IsStopped)
            {
                continue;
            }

            var (group, parent) = TraceeInspector.ReadRelations(tid);
            var isKnown = _processes.ContainsKey(parent) || (group != tid && _processes.ContainsKey(group))
                || (hostIsParent && parent == Environment.ProcessId);
            if (!isKnown)
            {
                // Removing while enumerating is allowed for Dictionary, and keeps the enumerator valid.
                _unclaimed.Remove(tid);
                _ = Signals.Kill(tid, Signals.SIGKILL);
                session.Sink.Unexpected(tid);
            }
        }
    }

    /// <summary>Ends of tasks whose makers died without a word are never claimed; they are dropped when they are many.</summary>
    private void DropOldEnds()
    {
        foreach (var (tid, status) in _unclaimed)
        {
            if (!status.IsStopped)
            {
                _unclaimed.Remove(tid);
            }
        }
    }

    private void Publish(Tracee tracee, RawStop stop)
    {
        stop.Tid = tracee.Tid;
        stop.Pid = tracee.Process.Pid;
        stop.Sequence = ++_sequence;
        stop.Time = Stopwatch.GetTimestamp();
        tracee.Sequence = stop.Sequence;
        tracee.State = TraceeState.Parked;
        tracee.AwaitsVfork = false;
        if (stop.Kind != StopKind.Exit)
        {
            _placement.OnStop(tracee, stop.Time);
        }

        tracee.Process.Session.Counters.Count(stop.Kind);
        var sink = tracee.Process.Sink;
        if (!sink.Stops.TryWrite(stop))
        {
            Fault(tracee.Process.Session, "publish a stop", tracee.Tid, Errno.EIO);
            return;
        }

        sink.Notify();
    }
}
