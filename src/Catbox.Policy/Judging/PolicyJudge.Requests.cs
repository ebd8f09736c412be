using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Policy.Judging;

// ioctl: what a request acts on decides, and not what is behind the descriptor alone.
internal sealed partial class PolicyJudge
{
    // include/linux/socket.h, include/uapi/linux/wireless.h: requests that every socket takes, whatever its family (sock_ioctl, net/socket.c).
    private const uint SocketRequests = 0x8900, WirelessRequests = 0x8B00, RequestRange = 0xFFFFFF00;

    // struct file_dedupe_range and file_dedupe_range_info (include/uapi/linux/fs.h); what is longer than a page, the kernel does not take.
    private const int DedupeHeader = 24, DedupeCountAt = 16, DedupeInfo = 32, DedupePage = 4096;

    private void JudgeControl(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var resolved = into.First;
        var error = ResolveHeld(request, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var number = (uint)request.Args[1];
        switch (FileIoctls.ScopeOf(number))
        {
            case IoctlScope.FileSystem:
                // Allowed on no object: the superblock is everybody's. The kernel says the same of what it does not know.
                into.Resolved = resolved.CanonicalMemory;
                Refuse(into, Errno.ENOTTY, ViolationSubject.Call, integrity: true);
                break;
            case IoctlScope.Reads or IoctlScope.Opened:
                break;
            case IoctlScope.Inode or IoctlScope.Device:
                _ = MayChangeHeld(request, paths, tree, into);
                break;
            case IoctlScope.InodeByGuest:
                into.NeedsOwnTable = MayChangeHeld(request, paths, tree, into);
                break;
            case IoctlScope.Dedupe:
                JudgeDedupe(request, memory, paths, tree, into);
                break;
            case IoctlScope.OwnProcess:
                JudgeProcessRequest(resolved, tree, into);
                break;
            default:
                JudgeUnknownRequest(request, number, paths, tree, into);
                break;
        }
    }

    /// <summary>A request that no table knows.</summary>
    private void JudgeUnknownRequest(SyscallRequest request, uint number, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var resolved = into.First;
        if (IsTerminal(resolved))
        {
            JudgeUnknownTerminalRequest(number, resolved, tree, into);
            return;
        }

        if (resolved.Kind == FileKind.Anonymous && !HadName(resolved.Canonical))
        {
            // The session's own timers, pipes, memory and sockets, whose requests act on them; but a socket's may configure the machine's network.
            if ((number & RequestRange) is SocketRequests or WirelessRequests && resolved.Canonical.StartsWith("socket:"u8))
            {
                into.Resolved = resolved.CanonicalMemory;
                Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
            }

            return;
        }

        var error = Resolve(request.First, ResolveOptions.Stat, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
        }
        else if (resolved.Kind is not (FileKind.CharacterDevice or FileKind.BlockDevice))
        {
            // Nothing of a file is known by this name: an older kernel says the same.
            Decline(into, Errno.ENOTTY);
        }
        else if (DecideWrite(resolved, PathAccess.Change, paths, tree, isEntry: false) != RuleDecision.Allow
            && DecideWrite(resolved, PathAccess.Write, paths, tree, isEntry: false) == RuleDecision.Allow)
        {
            // A device that is open to everybody: it has no more requests than the table.
            Decline(into, Errno.ENOTTY);
        }
        else if (!IsInherited(resolved, tree))
        {
            // What a device can be asked for, who may write it may ask; one that was given as a descriptor 0-2 (a console) takes requests as it takes what is written.
            _ = MayChangeHeld(request, paths, tree, into);
        }
    }

    private static Errno ResolveHeld(SyscallRequest request, IPathResolver paths, ResolvedPath into)
        // A negative descriptor is not one: AT_FDCWD means nothing to these calls.
        => request.First.DirFd < 0 ? Errno.EBADF : paths.ResolveDescriptor(request.First.DirFd, into);

    /// <summary>Whether what is behind the descriptor may be changed; the verdict is made where not.</summary>
    private bool MayChangeHeld(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
        => MayChangeHeld(request, paths, tree, into, Errno.EPERM);

    private bool MayChangeHeld(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into, Errno refusal)
    {
        var resolved = into.First;
        var decision = DecideWrite(resolved, PathAccess.Change, paths, tree, isEntry: false);
        if (decision == RuleDecision.Allow)
        {
            return true;
        }

        var error = Resolve(request.First, ResolveOptions.Stat, paths, resolved);
        into.Resolved = resolved.CanonicalMemory;
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
        }
        else if (decision == RuleDecision.DenySilently)
        {
            Decline(into, refusal);
        }
        else
        {
            Refuse(into, refusal, ViolationSubject.Write);
        }

        return false;
    }

    /// <summary>The source was opened for reading; the targets stand in memory, and the kernel lets an owner, and root, name one that was opened for reading alone.</summary>
    private void JudgeDedupe(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        Span<byte> header = stackalloc byte[DedupeHeader];
        if (!memory.Read(request.Args[2], header, out var read).IsSuccess || read != header.Length)
        {
            into.Verdict = Verdict.Deny(Errno.EFAULT);
            return;
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[DedupeCountAt..]);
        if (DedupeHeader + (count * DedupeInfo) > DedupePage)
        {
            into.Verdict = Verdict.Deny(Errno.ENOMEM);
            return;
        }

        Span<byte> target = stackalloc byte[sizeof(long)];
        for (var i = 0; i < count; i++)
        {
            if (!memory.Read(unchecked(request.Args[2] + DedupeHeader + (ulong)(i * DedupeInfo)), target, out read).IsSuccess || read != target.Length)
            {
                into.Verdict = Verdict.Deny(Errno.EFAULT);
                return;
            }

            // One that is no descriptor gets its status from the kernel.
            request.First.DirFd = BinaryPrimitives.ReadInt32LittleEndian(target);
            if (ResolveHeld(request, paths, into.First).IsSuccess && !MayChangeHeld(request, paths, tree, into))
            {
                return;
            }
        }
    }

    /// <summary>PAGEMAP_SCAN can write-protect what it finds: on the pages of the session's own processes.</summary>
    private void JudgeProcessRequest(ResolvedPath resolved, ITraceeTree tree, Judgement into)
    {
        if (resolved.Canonical.EndsWith("/pagemap"u8) && SelfProcFiles.OwnerOf(resolved.Canonical) is var pid && (tree.HasProcess(pid) || tree.HasThread(pid)))
        {
            into.NeedsOwnTable = true;
            return;
        }

        Decline(into, Errno.ENOTTY);
    }
}
