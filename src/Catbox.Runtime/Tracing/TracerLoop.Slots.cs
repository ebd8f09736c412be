using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

// Calls whose judged arguments lie in a sealed slot of the guest.
//
// A call is rewritten in its seccomp stop, and resumed to its exit stop, where the guest's own registers are put back: the system call ABI keeps all but rax, and a
// call that a signal interrupts is restarted by the kernel from those registers, so that the guest's own call is made, and judged, again. The exit stop comes before any
// signal is delivered. Where the slots come from is told in TracerLoop.Pools.
internal sealed partial class TracerLoop
{
    private readonly Dictionary<int, Birth> _births = [];
    private readonly ScopeCheck _scopes;
    private readonly RelativeWay _relative;
    private UserRegs _rewritten;

    /// <inheritdoc/>
    public void MakeInSlot(int tid, long sequence, SlotCall call)
    {
        if (Parked(tid, sequence) is not { } tracee)
        {
            return;
        }

        if (call.Scope.Resolve != 0)
        {
            if (!TryCheckScope(tracee, sequence, in call.Scope, out var refusal))
            {
                return; // Its stop stays until there is an answer.
            }

            if (!refusal.IsSuccess)
            {
                Skip(tracee, -refusal.Value);
                return;
            }
        }

        if (_lateCalls > 0 && (tracee.Slot.TakesAlternative || call.Ending.NeedsAlternative))
        {
            // Which looks paths up with the guest's credentials.
            AwaitLateCall(tracee);
            return;
        }

        if (ChooseWay(tracee, call) is { IsSuccess: false } noWay)
        {
            Skip(tracee, -noWay.Value);
            return;
        }

        if (call.Ending.Walks && !MayWalk(tracee, call))
        {
            return;
        }

        if (call.InstallsFilter)
        {
            InstallFilter(tracee);
            return;
        }

        var space = tracee.Process.Space;
        if (!space.TryTake(out var address))
        {
            if (!TryMakePool(tracee, space.NextPool))
            {
                Skip(tracee, -Errno.ENOMEM.Value);
            }

            return;
        }

        tracee.State = TraceeState.Running;
        tracee.Slot.TakesAlternative = false;
        tracee.Slot.IsWithoutPool = false;
        tracee.Answers = null;
        call.PlaceAt(address);
        if (!call.Bytes.IsEmpty && !_memory.Bind(tracee.Process, tid).WriteSlot(address, call.Bytes).IsSuccess)
        {
            // What cannot be held to its judgement is not done.
            space.Give(address);
            Skip(tracee, -Errno.EFAULT.Value);
            return;
        }

#if CATBOX_TEST_BUILD
        if (tracee.Process.Session.SkipsExitStops)
        {
            space.Give(address);
            RewriteAs(tracee, call.Number, in call.Args);
            ResumeWith(tracee, ref _rewritten);
            return;
        }
#endif

        tracee.Slot.Phase = SlotPhase.Calling;
        tracee.Slot.Owner = space;
        tracee.Slot.Address = address;
        tracee.Slot.Ending = call.Ending;
        if (call.Ending.Walks)
        {
            _walks.Begin(tracee);
        }

        ResumeAs(tracee, call.Number, in call.Args);
    }

    /// <returns>False where it has to be asked elsewhere.</returns>
    private bool TryCheckScope(Tracee tracee, long sequence, in OpenScope scope, out Errno refusal)
    {
        if (!_far.Mounts.Any)
        {
            refusal = _scopes.Check(tracee.Process.Pid, tracee.Tid, in scope);
            return true;
        }

        if (FarMemory.TryRecall(tracee, in scope, out refusal))
        {
            return true;
        }

        AskElsewhere(tracee.Process.Pid, tracee.Tid, sequence, FarQuestion.Of(in scope));
        return false;
    }

    /// <summary>What depends on who else can change the calling thread's working directory and descriptors. What is its leader's, that one can change.</summary>
    /// <returns>Why there is no way to what was judged.</returns>
    private Errno ChooseWay(Tracee tracee, SlotCall call)
    {
        if (call.Ending.IsNameless && call.DescriptorOf == tracee.Tid && !tracee.Descriptors.IsShared)
        {
            call.TrustDescriptor();
        }

        var isOwn = call.Alternative.Kind == SlotAlternativeKind.MagicLink
            ? call.Alternative.Task == tracee.Tid
            : call.Alternative.Task == 0 || call.Alternative.Task == tracee.Tid;
        call.Ending.HasAlternative = call.Alternative.Kind switch
        {
            SlotAlternativeKind.None or SlotAlternativeKind.CanonicalAddress => false,
            SlotAlternativeKind.WorkingDirectory => isOwn && !tracee.Directory.IsShared,
            _ => isOwn && !tracee.Descriptors.IsShared,
        };
        call.Ending.IsDescriptor = call.Alternative.Kind == SlotAlternativeKind.MagicLink;
        if (call.Ending.HasAlternative && (call.Ending.NeedsAlternative || tracee.Slot.TakesAlternative))
        {
            return TakeAlternative(tracee, call);
        }

        // What was judged cannot be said in a path, or only in one that somebody else can make lead elsewhere.
        return call.Ending.NeedsAlternative ? Errno.ENAMETOOLONG : Errno.None;
    }

    private Errno TakeAlternative(Tracee tracee, SlotCall call)
    {
        if (call.Ending.IsDescriptor)
        {
            call.TakeMagicLink();
            return Errno.None;
        }

        // Whether the guest may search the way could not be found out here where the server has to be asked.
        if (_far.Mounts.Hold(call.Scope.Judged.Span) || _calls is null || !_calls.MaySearch(tracee, in call.Scope))
        {
            return Errno.EACCES;
        }

        var isFound = _relative.TryFind(tracee.Process.Pid, tracee.Tid, call.Alternative.DirFd, call.Scope.Judged.Span, out var path);
        return isFound && call.TryTakeRelative(path) ? Errno.None : call.Ending.NeedsAlternative ? Errno.ENAMETOOLONG : Errno.EACCES;
    }

    private void ResumeAs(Tracee tracee, long number, in SyscallArgs args)
    {
        RewriteAs(tracee, number, in args);
        if (Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref _rewritten)))
        {
            Check(tracee, "PTRACE_SYSCALL", Ptrace.Syscall(tracee.Tid));
        }
    }

    private void RewriteAs(Tracee tracee, long number, in SyscallArgs args)
    {
        _rewritten = tracee.Regs;
        _rewritten.orig_rax = (ulong)number;
        _rewritten.rdi = args[0];
        _rewritten.rsi = args[1];
        _rewritten.rdx = args[2];
        _rewritten.r10 = args[3];
        _rewritten.r8 = args[4];
        _rewritten.r9 = args[5];
    }

    /// <summary>A syscall-exit stop: a call of ours has returned; or a stop of a call that is made again.</summary>
    private void ObserveCallEnd(Tracee tracee)
    {
        if (!Ptrace.GetRegs(tracee.Tid, ref _rewritten).IsSuccess)
        {
            return; // Killed while it was stopped: its exit comes next.
        }

        if (tracee.IsRepeating)
        {
            ObserveRepeat(tracee, tracee.Repeat!);
            return;
        }

        var result = (long)_rewritten.rax;
        var phase = tracee.Slot.Phase;
        tracee.Slot.Phase = SlotPhase.None;
        switch (phase)
        {
            case SlotPhase.Mapping or SlotPhase.Emptying or SlotPhase.Sealing:
                EndPoolCall(tracee, phase, result);
                break;
            case SlotPhase.Waiting:
                EndWait(tracee, result);
                break;
            case SlotPhase.Calling:
                EndCall(tracee, result);
                break;
            default:
                Fault(tracee.Process.Session, "a system call's end that nobody waits for", tracee.Tid, Errno.EINVAL);
                break;
        }
    }

    private void EndCall(Tracee tracee, long result)
    {
        GiveSlotBack(tracee);
        if (result == (long)_rewritten.orig_rax && IsTrapped(tracee.Tid))
        {
            // A filter of the guest's own: its handler finds the number of its own call, as the kernel would have left it.
            _ = EndWalk(tracee);
            tracee.Slot.Retries = 0;
            Finish(tracee, (long)tracee.Regs.orig_rax);
            return;
        }

        if (EndWalk(tracee) && result == -Errno.EINTR.Value)
        {
            // Not by a signal of the guest's, or not alone: it is as if that had come before the call.
            StartOver(tracee);
            return;
        }

        switch (tracee.Slot.Ending.After(result, tracee.Slot.Retries))
        {
            case SlotOutcome.Retry:
                tracee.Slot.Retries++;
                StartOver(tracee);
                return;
            case SlotOutcome.Alternative:
                tracee.Slot.Retries++;
                tracee.Slot.TakesAlternative = true;
                StartOver(tracee);
                return;
            case SlotOutcome.CheckDescriptor when !IsJudgedDescriptor(tracee, (int)result):
                // Another file than the one that was judged, and the guest's threads have its descriptor.
                _ = Signals.Kill(tracee.Process.Pid, Signals.SIGKILL);
                return;
            case SlotOutcome.TellLength:
                // The message is sent all the same (__sys_sendmmsg, net/socket.c).
                result = TellLength(tracee, (uint)result).IsSuccess ? 1 : -Errno.EFAULT.Value;
                break;
            default:
                break;
        }

        tracee.Slot.Retries = 0;
        Finish(tracee, result);
    }

    private static bool IsJudgedDescriptor(Tracee tracee, int fd)
    {
        Span<byte> path = stackalloc byte[ProcPath.Size];
        return Files.Stat(Files.AT_FDCWD, ProcPath.WriteDescriptor(path, tracee.Tid, fd), Files.AT_STATX_DONT_SYNC, out var stat).IsSuccess
            && stat.Device == tracee.Slot.Ending.Device && stat.stx_ino == tracee.Slot.Ending.Inode;
    }

    /// <summary>The kernel's put_user of sendmmsg.</summary>
    private Errno TellLength(Tracee tracee, uint length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        return _memory.Bind(tracee.Process, tracee.Tid).Write(tracee.Slot.Ending.MessageLengthAt, bytes);
    }

    /// <summary>The guest's own call returns this: its own registers, and its own number should the result ask for a restart.</summary>
    private static void Finish(Tracee tracee, long result)
    {
        tracee.State = TraceeState.Running;
        var own = tracee.Regs;
        own.rax = (ulong)result;
        ResumeWith(tracee, ref own);
    }

    /// <summary>Puts the guest back before its syscall instruction, as <see cref="Retry"/> does.</summary>
    private static void StartOver(Tracee tracee)
    {
        tracee.ComesAgain = true;
        var own = tracee.Regs;
        own.rax = own.orig_rax;
        own.orig_rax = ulong.MaxValue;
        own.rip -= 2;
        ResumeWith(tracee, ref own);
    }

    private static void GiveSlotBack(Tracee tracee)
    {
        tracee.Slot.Owner?.Give(tracee.Slot.Address);
        tracee.Slot.Owner = null;
    }

    /// <summary>The task is gone, or its program is another one.</summary>
    private void ForgetSlots(Tracee tracee)
    {
        _ = EndWalk(tracee);
        GiveSlotBack(tracee);
        ForgetRepeat(tracee);
        tracee.Slot = default;
    }

    /// <summary>A task was made: what it shares with its maker, and what it has a copy of.</summary>
    private void Inherit(Tracee maker, int child, ulong flags)
    {
        var process = maker.Process;
        if ((flags & CloneFlags.CLONE_THREAD) == 0)
        {
            var space = (flags & CloneFlags.CLONE_VM) != 0 ? process.Space : process.Space.CopyForFork(maker.Sequence);
            _births[child] = new Birth(space);
        }
    }

    /// <summary>What a process that is not yet adopted was born with.</summary>
    private readonly record struct Birth(GuestAddressSpace Space);
}
