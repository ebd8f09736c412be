using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

// Paths of sockets: the kernel walks them without being held to anything, so that nothing may change on their way.
//
// All changes of directories that guests make are made by this thread (Behalf). So a walk cannot be overtaken as long as none is made while one goes on. A walk ends
// with its call, and that may wait (a full backlog, a full receive buffer) and walk again after the wait: a change interrupts it, is made when it has ended, and the call is
// made again, judged by what is there then. What this does not hold off is who changes directories by himself: processes outside, guests of other loops, and guests on
// file systems whose server may not answer.
//
// What does not work: a path through a descriptor of the guest's (/proc/self/fd/N, opened for it), which its threads can exchange, and which would have to be closed by yet
// another injected call; a path through a descriptor of ours, which a guest may not follow; letting changes be made as soon as the walker sleeps, since it walks
// again when it wakes (unix_stream_connect, unix_dgram_sendmsg); connecting in the guest's place, since SO_PEERCRED tells who it was.
internal sealed partial class TracerLoop
{
    private readonly WalkQueue _walks = new();

    /// <summary>Whether a change of a directory has to wait for somebody's walk. Then its stop stays, and is started over when that has ended.</summary>
    public bool HoldsOff(Tracee changer)
    {
        if (!_walks.IsWalked)
        {
            _walks.Changed();
            return false;
        }

        _walks.Await(changer);
        foreach (var walker in _walks.Walkers)
        {
            if (!walker.Slot.IsInterrupted)
            {
                walker.Slot.IsInterrupted = true;
                _ = Ptrace.Interrupt(walker.Tid); // ESRCH: it dies, and that ends its walk too.
            }
        }

        return true;
    }

    /// <summary>False where the stop was resolved otherwise.</summary>
    private bool MayWalk(Tracee tracee, SlotCall call)
    {
        if (_lateChanges > 0 || RestsOnOldAnswer(tracee))
        {
            // A change is under way, or was made since another thread looked where the path leads: that may be so no more.
            tracee.Answers = null;
            if (_lateChanges > 0)
            {
                AwaitLateCall(tracee);
            }
            else
            {
                tracee.State = TraceeState.Running;
                StartOver(tracee);
            }

            return false;
        }

        if (_walks.IsChangeDue())
        {
            tracee.State = TraceeState.Running;
            StartOver(tracee);
            return false;
        }

        if (!call.Ending.WalksAsGiven || LeadsOnlyThere(tracee, call.Ending.MagicLinksOf))
        {
            return true;
        }

        if (call.Alternative.Kind == SlotAlternativeKind.CanonicalAddress)
        {
            call.TakeCanonicalAddress();
            return true;
        }

        // The address has no room for the canonical path, and what was given can be made to lead elsewhere.
        Skip(tracee, -Errno.ENAMETOOLONG.Value);
        return false;
    }

    /// <summary>Whether a directory was changed since what was found out for its call was asked.</summary>
    private bool RestsOnOldAnswer(Tracee tracee) => tracee.Answers?.Exists(answer => answer.Question.AskedAfter != _walks.Changes) ?? false;

    /// <summary>Whether nobody else can change what a path that was given starts from and goes through: not its leader either, who is what <c>/proc/self</c> is.</summary>
    private static bool LeadsOnlyThere(Tracee tracee, int linksOf) =>
        !tracee.Directory.IsShared && (linksOf == 0 || (linksOf == tracee.Tid && !tracee.Descriptors.IsShared));

    /// <returns>True when it was interrupted for a change.</returns>
    private bool EndWalk(Tracee tracee)
    {
        if (!tracee.Slot.Ending.Walks || !_walks.End(tracee))
        {
            return false;
        }

        var wasInterrupted = tracee.Slot.IsInterrupted;
        tracee.Slot.IsInterrupted = false;
        while (_walks.TryRelease(out var tid, out var sequence))
        {
            if (Parked(tid, sequence) is { } changer)
            {
                changer.State = TraceeState.Running;
                StartOver(changer);
            }
        }

        return wasInterrupted;
    }
}
