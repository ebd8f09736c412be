using System.Buffers.Binary;
using System.Text;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Policy.Judging;

// Calls that reach others through a descriptor: leases, sizes and hints by fcntl, message queues, options and control messages of sockets.
internal sealed partial class PolicyJudge
{
    // include/uapi/linux/fcntl.h
    private const int F_SETLEASE = 1024, F_SETPIPE_SZ = 1031, F_SET_RW_HINT = 1036, F_SET_FILE_RW_HINT = 1038, F_UNLCK = 2;

    private static ReadOnlySpan<byte> MessageQueues => "/dev/mqueue/"u8;

    /// <summary>A lease makes whoever opens the file wait for its holder, up to 45 s; a FIFO's size and a file's hint are everybody's. A pipe is the session's own.</summary>
    private void JudgeHold(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        request.First = new PathOperand { DirFd = KernelBits.Int(request.Args[0]), ArgIndex = -1, Kind = ArgKind.FdWrite, Follow = true, IsDescriptor = true };
        if (KernelBits.Int(request.Args[1]) == F_SETLEASE && KernelBits.Int(request.Args[2]) == F_UNLCK)
        {
            return;
        }

        var error = ResolveHeld(request, paths, into.First);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var command = KernelBits.Int(request.Args[1]);
        into.NeedsOwnTable = true;
        if (DecideWrite(into.First, PathAccess.Change, paths, tree, isEntry: false) == RuleDecision.Allow)
        {
            // The size of a pipe is no lasting change: who exchanges the descriptor in time changes that of a FIFO outside.
            into.NeedsOwnTable = command != F_SETPIPE_SZ;
            return;
        }

        error = Resolve(request.First, ResolveOptions.Stat, paths, into.First);
        var isMeant = command switch
        {
            F_SETLEASE => into.First.Kind == FileKind.Regular,
            F_SETPIPE_SZ => into.First.Kind == FileKind.Fifo,
            _ => true,
        };
        if (error.IsSuccess && !isMeant)
        {
            // The kernel has an error of its own for it.
            return;
        }

        _ = MayChangeHeld(request, paths, tree, into, command == F_SETLEASE ? Errno.EACCES : Errno.EPERM);
    }

    /// <summary>
    /// mq_timedreceive and mq_notify. A descriptor of mq_open shows no more than the queue's name, and was judged there; one that a path gave shows the path, and was
    /// not judged where it was opened for reading.
    /// </summary>
    private void JudgeHeldQueue(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var resolved = into.First;
        var error = ResolveHeld(request, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var path = resolved.Canonical;
        if (path.LastIndexOf((byte)'/') <= 0 || DecideWrite(resolved, PathAccess.Write, paths, tree, isEntry: false) == RuleDecision.Allow)
        {
            return;
        }

        // What is no queue gets the same.
        into.Verdict = Verdict.Deny(Errno.EBADF);
        if (path.StartsWith(MessageQueues))
        {
            into.Resolved = resolved.CanonicalMemory;
            Refuse(into, Errno.EBADF, ViolationSubject.Write);
        }
    }

    /// <summary>setsockopt where rules tell addresses apart: what the filter has not let through.</summary>
    private void JudgeSocketOption(SyscallRequest request, IPathResolver paths, Judgement into)
    {
        var fd = KernelBits.Int(request.Args[0]);
        var error = fd < 0 ? Errno.EBADF : paths.ResolveDescriptor(fd, into.First);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        if (!into.First.Canonical.StartsWith("socket:"u8))
        {
            into.Verdict = Verdict.Deny(Errno.ENOTSOCK);
            return;
        }

        if (SocketOptions.FindRefused(KernelBits.Int(request.Args[1]), KernelBits.Int(request.Args[2])) is not { } option)
        {
            // As in a kernel that does not have it.
            Decline(into, Errno.ENOPROTOOPT);
            return;
        }

        SetText(into, Encoding.ASCII.GetBytes(option.Name, into.Text));
        Refuse(into, Errno.EPERM, ViolationSubject.Call);
    }

    /// <returns>False where the verdict is made.</returns>
    private bool JudgeControlMessages(SyscallRequest request, Judgement into)
    {
        var error = ControlMessages.Check(request.Control.AsSpan(0, request.ControlLength));
        if (error.IsSuccess)
        {
            return true;
        }

        if (error != Errno.EPERM)
        {
            into.Verdict = Verdict.Deny(error);
            return false;
        }

        SetText(into, Encoding.ASCII.GetBytes("control message", into.Text));
        Refuse(into, error, ViolationSubject.Call);
        return false;
    }

    /// <summary>
    /// Soft and hard limit are nothing from the launch on. To set them to that changes nothing, so it is answered and not done: the kernel would read the
    /// values again. More than that is what the kernel says to whoever may not raise a limit.
    /// </summary>
    private void JudgeCoreLimit(SyscallRequest request, ITraceeMemory memory, Judgement into)
    {
        if ((_rules.Needs & FilterNeeds.CoreLimit) == 0 || !SlotCalls.SetsCoreLimit(request))
        {
            return;
        }

        var at = request.Row.ResourceAt;
        var wantsOld = request.Row.Arg(at + 2) == ArgKind.Address && request.Args[at + 2] != 0;
        Span<byte> limits = stackalloc byte[16];
        if (!memory.Read(request.Args[at + 1], limits, out var read).IsSuccess || read != limits.Length)
        {
            into.Verdict = Verdict.Deny(Errno.EFAULT);
            return;
        }

        var (soft, hard) = (BinaryPrimitives.ReadUInt64LittleEndian(limits), BinaryPrimitives.ReadUInt64LittleEndian(limits[8..]));
        if (soft > hard)
        {
            into.Verdict = Verdict.Deny(Errno.EINVAL);
        }
        else if (hard > 0)
        {
            SetText(into, Encoding.ASCII.GetBytes("RLIMIT_CORE", into.Text));
            Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
        }
        else if (wantsOld)
        {
            into.OnlyAsksForLimit = true;
        }
        else
        {
            into.Verdict = Verdict.Fake(0);
        }
    }
}
