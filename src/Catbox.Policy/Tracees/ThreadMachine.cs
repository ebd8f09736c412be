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

        return happened switch
        {
            ThreadEvent.Exited => (ThreadPhase.Dead, ThreadEffect.Forget),

            // A first stop can be a group stop (a task made while its group was being stopped) or a signal.
            ThreadEvent.Started => phase == ThreadPhase.New ? (ThreadPhase.Running, ThreadEffect.Resume) : (phase, ThreadEffect.Fault),
            ThreadEvent.CallStopped => phase == ThreadPhase.Running ? (ThreadPhase.InCall, ThreadEffect.Judge) : (phase, ThreadEffect.Fault),
            ThreadEvent.VerdictGiven => phase == ThreadPhase.InCall ? (ThreadPhase.Running, ThreadEffect.None) : (phase, ThreadEffect.Fault),
            ThreadEvent.Forked => phase == ThreadPhase.Running ? (ThreadPhase.Running, ThreadEffect.Resume) : (phase, ThreadEffect.Fault),

            // The leader's tid is taken over by whichever thread executes, whatever the leader was doing.
            ThreadEvent.Executed => (ThreadPhase.Running, ThreadEffect.Resume),
            ThreadEvent.SignalStopped => phase == ThreadPhase.InCall ? (phase, ThreadEffect.Fault) : (ThreadPhase.Running, ThreadEffect.Deliver),
            ThreadEvent.GroupStopped => phase == ThreadPhase.InCall ? (phase, ThreadEffect.Fault) : (ThreadPhase.GroupStopped, ThreadEffect.Listen),
            ThreadEvent.Trapped => phase == ThreadPhase.InCall ? (phase, ThreadEffect.Fault) : (ThreadPhase.Running, ThreadEffect.Resume),
            _ => (phase, ThreadEffect.Fault),
        };
    }
}
