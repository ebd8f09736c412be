using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

// Guests that wait for an answer about their call, and take signals meanwhile.
//
// A task in its stop is told of no signal: an interrupt from the keyboard would wait as long as the answer does. So a guest that has waited for a while waits in pause(2) in place of its own call. A signal
// ends that; then the guest stands before its own call again, as if the signal had come before, and its handler runs. When the handler has returned it comes to its call, and the answer finds it there. The
// answer ends the wait by PTRACE_INTERRUPT.
//
// Where a guest has a filter of its own it stays in its stop: that filter would be asked about a pause that the guest has not made, and may kill for it.
internal sealed partial class TracerLoop
{
    private const long SYS_pause = 34;

    private void BeginWait(in TracerCommand command)
    {
        if (Parked(command) is { } tracee && !tracee.Process.Session.HasGuestsFilter)
        {
            Inject(tracee, SlotPhase.Waiting, SYS_pause, 0, 0, 0, 0);
        }
    }

    /// <summary>It waits, or is still in its stop; a signal may have ended either.</summary>
    private void EndWait(in TracerCommand command)
    {
        if (Parked(command) is { } stopped)
        {
            stopped.State = TraceeState.Running;
            StartOver(stopped);
        }
        else if (_tracees.TryGetValue(command.Tid, out var tracee) && tracee.Slot.Phase == SlotPhase.Waiting && tracee.Sequence == command.Sequence)
        {
            _ = Ptrace.Interrupt(tracee.Tid); // ESRCH: it dies.
        }
    }

    /// <summary>The pause has ended.</summary>
    private static void EndWait(Tracee tracee, long result)
    {
        // Not asked for by a filter of the guest's own: one that came between is found at the next wait.
        tracee.Slot.HidesTrap = result == SYS_pause;
        StartOver(tracee);
    }
}
