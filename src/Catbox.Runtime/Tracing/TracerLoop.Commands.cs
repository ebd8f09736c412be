using System.Diagnostics;
using Catbox.Policy;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.Tracing;

internal sealed partial class TracerLoop
{
    private const int Options = Ptrace.PTRACE_O_TRACESYSGOOD | Ptrace.PTRACE_O_TRACEFORK | Ptrace.PTRACE_O_TRACEVFORK | Ptrace.PTRACE_O_TRACECLONE
        | Ptrace.PTRACE_O_TRACEEXEC | Ptrace.PTRACE_O_TRACESECCOMP | Ptrace.PTRACE_O_EXITKILL;

    private void Carry(in TracerCommand command)
    {
        switch (command.Kind)
        {
            case TracerCommandKind.Resume:
                Resume(command);
                break;
            case TracerCommandKind.Answer:
                Answer(command);
                break;
            case TracerCommandKind.Retry:
                Retry(command);
                break;
            case TracerCommandKind.Answered:
                TakeAnswer(command);
                break;
            case TracerCommandKind.LateCallEnded:
                EndLateCall(command);
                break;
            case TracerCommandKind.Wait:
                BeginWait(command);
                break;
            case TracerCommandKind.EndWait:
                EndWait(command);
                break;
            case TracerCommandKind.Listen:
                Listen(command);
                break;
            case TracerCommandKind.Launch:
                Launch(command.Session!, command.Plan!);
                break;
            case TracerCommandKind.AdoptProcess:
                AdoptProcess(command.Session!, command.Tid, command.Sink!);
                break;
            case TracerCommandKind.AdoptThread:
                AdoptThread(command.Tid, command.Pid);
                break;
            case TracerCommandKind.Kill:
                _ = Signals.Kill(command.Tid, Signals.SIGKILL);
                break;
            case TracerCommandKind.KillSession:
                KillSession(command.Session!);
                break;
            case TracerCommandKind.Signal:
                SendSignal(command.Session!, command.Tid, command.Signal);
                break;
            case TracerCommandKind.Unplace:
                if (_tracees.TryGetValue(command.Tid, out var placed))
                {
                    _placement.Unplace(placed, command.Value != 0);
                }

                break;
            case TracerCommandKind.EndSession:
                EndSession(command.Session!);
                break;
            default:
                throw new InvalidOperationException($"unknown tracer command {command.Kind}");
        }
    }

    /// <summary>The task of a command, if it is still in the very stop that the command resolves.</summary>
    private Tracee? Parked(in TracerCommand command) => Parked(command.Tid, command.Sequence);

    private Tracee? Parked(int tid, long sequence) =>
        _tracees.TryGetValue(tid, out var tracee) && tracee.State == TraceeState.Parked && tracee.Sequence == sequence ? tracee : null;

    private void Resume(in TracerCommand command)
    {
        if (Parked(command) is { } tracee)
        {
            if (command.Value != 0)
            {
                tracee.Answers = null;
            }

            tracee.State = TraceeState.Running;
            if (tracee.IsRepeating)
            {
                // To the beginning of the call. The signal, if there is one, is ignored by the guest.
                Check(tracee, "PTRACE_SYSCALL", Ptrace.Syscall(tracee.Tid));
                return;
            }

            Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, command.Signal));
        }
    }

    /// <summary>Skips the call (number -1) and sets its result, as seccomp(2) describes for SECCOMP_RET_TRACE.</summary>
    private void Answer(in TracerCommand command)
    {
        if (Parked(command) is { } tracee)
        {
            Skip(tracee, command.Value);
        }
    }

    private static void Skip(Tracee tracee, long result)
    {
        tracee.Slot.Retries = 0;
        tracee.Slot.TakesAlternative = false;
        tracee.Answers = null;
        tracee.State = TraceeState.Running;
        tracee.Regs.orig_rax = ulong.MaxValue;
        tracee.Regs.rax = (ulong)result;
        ResumeWith(tracee, ref tracee.Regs);
    }

    private static void ResumeWith(Tracee tracee, ref UserRegs regs)
    {
        if (Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref regs)))
        {
            Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
        }
    }

    /// <summary>
    /// Skips the call and puts the guest back before its syscall instruction (two bytes), with the number in rax again. No signal handler sees this, and
    /// nothing is lost when it is killed meanwhile.
    /// </summary>
    private void Retry(in TracerCommand command)
    {
        if (Parked(command) is not { } tracee)
        {
            return;
        }

        // What was found out has led to a path that is not still.
        tracee.Answers = null;
        tracee.State = TraceeState.Running;
        StartOver(tracee);
    }

    private void TakeAnswer(in TracerCommand command)
    {
        if (Parked(command) is { } tracee)
        {
            (tracee.Answers ??= []).Add(command.Found!);
            tracee.State = TraceeState.Running;
            StartOver(tracee);
        }
    }

    private void Listen(in TracerCommand command)
    {
        if (Parked(command) is { } tracee)
        {
            tracee.State = TraceeState.Listening;
            Check(tracee, "PTRACE_LISTEN", Ptrace.Listen(tracee.Tid));
        }
    }

    /// <summary>
    /// A task can be killed between its stop and our answer: then ESRCH, and its exit comes next. Anything else means that a call may stand
    /// unanswered or, worse, unjudged: the session dies.
    /// </summary>
    private static bool Check(Tracee tracee, string operation, Errno errno)
    {
        if (errno.IsSuccess)
        {
            return true;
        }

        if (errno != Errno.ESRCH)
        {
            Fault(tracee.Process.Session, operation, tracee.Tid, errno);
        }

        return false;
    }

    private static void Fault(TracedSession session, string operation, int pid, Errno errno)
    {
        KillSession(session);
        session.Sink.Faulted(operation, pid, errno);
    }

    private static void KillSession(TracedSession session)
    {
        session.IsKilled = true;
        foreach (var pid in session.Processes)
        {
            _ = Signals.Kill(pid, Signals.SIGKILL);
        }

        if (session.IsRootHeld)
        {
            _ = Signals.Kill(session.RootPid, Signals.SIGKILL);
        }

        if (session.StubPid > 0)
        {
            _ = Signals.Kill(session.StubPid, Signals.SIGKILL);
        }
    }

    private void EndSession(TracedSession session)
    {
        if (session.IsRootHeld)
        {
            // It ended before anybody adopted its first process, which was killed with it.
            session.IsRootHeld = false;
            _heldRoots.Remove(session.RootPid);
            _unclaimed.Remove(session.RootPid);
        }

        KillOrphanedStrangers(session, hostIsParent: false);
    }

    /// <summary>Only processes of the session are ever signalled: a pid that is gone may be somebody else's by now.</summary>
    private static void SendSignal(TracedSession session, int target, int signal)
    {
        if (target > 0)
        {
            if (session.Processes.Contains(target))
            {
                _ = Signals.Kill(target, signal);
            }

            return;
        }

        foreach (var pid in session.Processes)
        {
            if (target == 0 || Signals.GroupOf(pid) == -target)
            {
                _ = Signals.Kill(pid, signal);
            }
        }
    }

    private void Launch(TracedSession session, LaunchPlan plan)
    {
        ChildSignal.QuietStops();
        _calls?.Refresh();
        foreach (var hand in _hands)
        {
            hand.Refresh();
        }

        _far.Mounts.Learn(Mountinfo.Read());
        session.StepNames = [.. plan.Steps.Select(static s => s.Name)];
        var error = StubProcess.Spawn(StubImage.Build(plan.Steps), plan.StandardStreams.AsSpan(), plan.KeepIgnored, out var pid, out var pipe);
        if (!error.IsSuccess)
        {
            session.Sink.LaunchFailed("posix_spawn of the stub", 0, error);
            return;
        }

        error = Ptrace.Seize(pid, Options);
        if (!error.IsSuccess)
        {
            Io.Close(pipe);
            _ = Signals.Kill(pid, Signals.SIGKILL);
            _ = Wait.One(pid, 0, out _);
            session.Sink.LaunchFailed("PTRACE_SEIZE", pid, error);
            return;
        }

        session.StubPid = pid;
        _stubs[pid] = session;
        _ = Descriptors.WriteAll(pipe, [1]);
        Io.Close(pipe);
    }

    private void AdoptProcess(TracedSession session, int pid, IStopSink sink)
    {
        var process = new TracedProcess(pid, session, sink);
        if (_births.Remove(pid, out var birth))
        {
            process.Space = birth.Space;
        }

        _processes[pid] = process;
        session.Processes.Add(pid);
        if (pid == session.RootPid)
        {
            session.IsRootHeld = false;
            _heldRoots.Remove(pid);
        }

        Adopt(process, pid);
        if (session.IsKilled)
        {
            _ = Signals.Kill(pid, Signals.SIGKILL);
        }
    }

    private void AdoptThread(int tid, int pid)
    {
        if (_processes.TryGetValue(pid, out var process))
        {
            Adopt(process, tid);
        }
        else
        {
            _unclaimed.Remove(tid);
            DropTables(tid);
        }
    }

    /// <summary>Whether an end that was kept is this task's, and not that of one that had its number before.</summary>
    private bool IsDead(int tid)
    {
        var (exists, isZombie) = Inspector.Look(tid);
        return !exists || isZombie;
    }

    private void Adopt(TracedProcess process, int tid)
    {
        var tracee = new Tracee(tid, process);
        _tracees[tid] = tracee;
        TakeTables(tracee);
        _placement.OnAdopt(tracee, Stopwatch.GetTimestamp());
        if (_unclaimed.Remove(tid, out var status) && (status.IsStopped || IsDead(tid)))
        {
            Observe(tid, status);
        }
    }

    /// <summary>The stub's int3: rax is the errno, rbx the step. See <see cref="StubImage"/>.</summary>
    private static void LaunchStepFailed(TracedSession session, int pid)
    {
        var regs = default(UserRegs);
        _ = Ptrace.GetRegs(pid, ref regs);
        var index = (int)(((long)regs.rbx - (long)StubImage.StepsAddress) / 64);
        var name = (uint)index < (uint)session.StepNames.Count ? session.StepNames[index] : "clone";
        KillSession(session);
        session.Sink.LaunchFailed(name, pid, new Errno((int)regs.rax));
    }
}
