using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

// Where slots come from: the guest maps and seals a pool of them at a call that finds none free, as two calls of ours in its place. At the end of each it stands before its own
// syscall instruction again, with its own registers, and comes back with the very call, which is judged again. Nothing has to be remembered of it, whatever a signal handler does in between.
//
// Others of its address space run meanwhile, and a filter of its own can answer in the kernel's place. So it does not matter how the pool came to be: what counts is what smaps shows once the calls
// have been made (SealCheck). A sealed, private, anonymous, read-only mapping without a page cannot be changed by anybody but the tracer, whatever has been done to its place before: pages that were
// there, and whatever holds on to them (a read into them that is under way), are not in it any more. See docs/adr/0007.
internal sealed partial class TracerLoop
{
    private readonly SealCheck _seals = new();

    /// <summary>
    /// A filter of the guest's own is about to be installed, which would see the calls that map pools: there are to be enough before. Where there can be none it is installed all the same; what needs a
    /// slot is refused then.
    /// </summary>
    private void InstallFilter(Tracee tracee)
    {
        tracee.Process.Session.HasGuestsFilter = true;
        if (tracee.Process.Space.Count >= GuestAddressSpace.SlotsPerLargePool || !TryMakePool(tracee, GuestAddressSpace.SlotsPerLargePool))
        {
            tracee.Answers = null;
            tracee.State = TraceeState.Running;
            Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
        }
    }

    /// <summary>Has the task map a pool, or seal the one that it has mapped, in place of its call.</summary>
    /// <returns>False where that was tried for this call, or is of no use.</returns>
    private bool TryMakePool(Tracee tracee, int slots)
    {
        ref var slot = ref tracee.Slot;
        var space = tracee.Process.Space;
        if (slot.IsWithoutPool || space.IsMisled)
        {
            slot.IsWithoutPool = false;
            return false;
        }

        if (slot.Unsealed != 0 && space.IsFilled && !slot.IsEmptied)
        {
            slot.IsEmptied = true;
            Inject(tracee, SlotPhase.Emptying, Mapping.SYS_madvise, slot.Unsealed, GuestAddressSpace.SizeOf(slot.PoolSlots), Mapping.MADV_DONTNEED_LOCKED, 0);
        }
        else if (slot.Unsealed != 0)
        {
            Inject(tracee, SlotPhase.Sealing, Mapping.SYS_mseal, slot.Unsealed, GuestAddressSpace.SizeOf(slot.PoolSlots), 0, 0);
        }
        else
        {
            slot.PoolSlots = slots;
            slot.IsEmptied = false;
            Inject(
                tracee, SlotPhase.Mapping, Mapping.SYS_mmap, space.Hint, GuestAddressSpace.SizeOf(slots) + (2 * GuestAddressSpace.Margin), Mapping.PROT_READ,
                Mapping.MAP_PRIVATE | Mapping.MAP_ANONYMOUS);
        }

        return true;
    }

    /// <summary>Has the task make a call of ours in place of its own.</summary>
    private void Inject(Tracee tracee, SlotPhase phase, long number, ulong first, ulong second, ulong third, ulong fourth)
    {
        var args = default(SyscallArgs);
        args[0] = first;
        args[1] = second;
        args[2] = third;
        args[3] = fourth;
        args[4] = ulong.MaxValue;
        tracee.State = TraceeState.Running;
        tracee.Slot.Phase = phase;
        ResumeAs(tracee, number, in args);
    }

    private void EndPoolCall(Tracee tracee, SlotPhase phase, long result)
    {
        if (result == (phase switch { SlotPhase.Mapping => Mapping.SYS_mmap, SlotPhase.Emptying => Mapping.SYS_madvise, _ => Mapping.SYS_mseal }))
        {
            // No result of these calls: RET_TRAP of a filter of the guest's own, which leaves the number. The signal is delivered next, for a call that the guest has not made.
            tracee.Slot.HidesTrap = true;
            tracee.Slot.IsWithoutPool = true;
        }
        else if (phase == SlotPhase.Mapping)
        {
            EndMapping(tracee, result);
        }
        else if (phase == SlotPhase.Sealing)
        {
            EndSealing(tracee, result);
        }

        StartOver(tracee);
    }

    private void EndMapping(Tracee tracee, long result)
    {
        ref var slot = ref tracee.Slot;
        var space = tracee.Process.Space;
        var length = GuestAddressSpace.SizeOf(slot.PoolSlots) + (2 * GuestAddressSpace.Margin);
        if (result <= 0 || (ulong)result % GuestAddressSpace.Margin != 0 || space.Overlaps((ulong)result, length))
        {
            // The guest's memory limit, or a filter's answer.
            slot.IsWithoutPool = true;
        }
        else if (tracee.Process.Session.SealsArguments)
        {
            slot.Unsealed = (ulong)result + GuestAddressSpace.Margin;
        }
        else
        {
            space.Add((ulong)result + GuestAddressSpace.Margin, slot.PoolSlots, _sequence);
        }
    }

    private void EndSealing(Tracee tracee, long result)
    {
        ref var slot = ref tracee.Slot;
        var space = tracee.Process.Space;
        var pool = slot.Unsealed;
        if (result != 0)
        {
            // That it was not sealed may be said by whoever says it. The mapping is tried again at the next call, unless it is gone.
            slot.IsWithoutPool = true;
            slot.Unsealed = result == -Errno.ENOMEM.Value ? 0 : pool;
            return;
        }

        slot.Unsealed = 0;
        switch (LookAtPool(tracee.Tid, pool, GuestAddressSpace.SizeOf(slot.PoolSlots)))
        {
            case SealProof.Holds when !space.Overlaps(pool, GuestAddressSpace.SizeOf(slot.PoolSlots)):
                space.Add(pool, slot.PoolSlots, _sequence);
                break;
            case SealProof.NotSeen when space.TryMoveDown():
                break;
            case SealProof.Filled when !space.IsFilled:
                space.IsFilled = true;
                break;
            case SealProof.Unknown:
                slot.IsWithoutPool = true;
                break;
            default:
                slot.IsWithoutPool = true;
                space.IsMisled = true;
                break;
        }
    }

    private SealProof LookAtPool(int tid, ulong address, ulong length)
    {
        Span<byte> path = stackalloc byte[ProcPath.Size];
        if (!OpenProc(ProcPath.Write(path, tid, "/smaps"u8), Io.O_RDONLY, out var fd).IsSuccess)
        {
            return SealProof.Unknown;
        }

        var proof = _seals.Look(fd, address, length);
        Io.Close(fd);
        return proof;
    }

    /// <summary>Whether the end of a call with its own number for a result is that of a filter's RET_TRAP: SIGSYS is pending then.</summary>
    private static bool IsTrapped(int tid) => Ptrace.IsPending(tid, Signals.SIGSYS);
}
