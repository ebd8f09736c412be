namespace Catbox.Policy.Tracees;

/// <summary>
/// The life of a traced thread as a pure function: (phase, event) → (phase, effect). Every stop gets exactly one effect that ends it; an event that
/// its phase does not allow is a fault, and a fault kills the session. Semantics: ptrace(2) under PTRACE_SEIZE.
/// </summary>
internal static class ThreadMachine
{
    /// <summary>One step.</summary>
    public static (ThreadPhase Phase, ThreadEffect Effect) Step(ThreadPhase phase, ThreadEvent happened)
    {
        // A dead thread can still have stops on the way: an exec by another thread takes a tid over without a word.
        if (phase == ThreadPhase.Dead)
        {
            return (ThreadPhase.Dead, happened == ThreadEvent.Exited ? ThreadEffect.Forget : ThreadEffect.None);
        }

        // Whoever the tracer keeps may go on at any time, and comes to a call again, or to any other stop.
        var runs = phase is ThreadPhase.Running or ThreadPhase.Kept;
        var isStopped = phase is ThreadPhase.Judging or ThreadPhase.Asking;
        return happened switch
        {
            ThreadEvent.Exited => (ThreadPhase.Dead, ThreadEffect.Forget),

            // A first stop can be a group stop (a task made while its group was being stopped) or a signal.
            ThreadEvent.Started => phase == ThreadPhase.New ? (ThreadPhase.Running, ThreadEffect.Resume) : (phase, ThreadEffect.Fault),
            ThreadEvent.CallStopped => runs ? (ThreadPhase.Judging, ThreadEffect.Judge) : (phase, ThreadEffect.Fault),
            ThreadEvent.VerdictGiven => phase == ThreadPhase.Judging ? (ThreadPhase.Running, ThreadEffect.None) : (phase, ThreadEffect.Fault),
            ThreadEvent.LeftToTracer => phase == ThreadPhase.Judging ? (ThreadPhase.Kept, ThreadEffect.None) : (phase, ThreadEffect.Fault),
            ThreadEvent.Asked => phase == ThreadPhase.Judging ? (ThreadPhase.Asking, ThreadEffect.None) : (phase, ThreadEffect.Fault),
            ThreadEvent.Advised => phase == ThreadPhase.Asking ? (ThreadPhase.Judging, ThreadEffect.Judge) : (phase, ThreadEffect.Fault),
            ThreadEvent.Waited => phase == ThreadPhase.Asking ? (ThreadPhase.Kept, ThreadEffect.None) : (phase, ThreadEffect.Fault),
            ThreadEvent.Forked => runs ? (ThreadPhase.Running, ThreadEffect.Resume) : (phase, ThreadEffect.Fault),

            // The leader's tid is taken over by whichever thread executes, whatever the leader was doing.
            ThreadEvent.Executed => (ThreadPhase.Running, ThreadEffect.Resume),
            ThreadEvent.SignalStopped => isStopped ? (phase, ThreadEffect.Fault) : (ThreadPhase.Running, ThreadEffect.Deliver),
            ThreadEvent.GroupStopped => isStopped ? (phase, ThreadEffect.Fault) : (ThreadPhase.GroupStopped, ThreadEffect.Listen),
            ThreadEvent.Trapped => isStopped ? (phase, ThreadEffect.Fault) : (ThreadPhase.Running, ThreadEffect.Resume),
            _ => (phase, ThreadEffect.Fault),
        };
    }
}
