using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

// Calls that change what is behind a descriptor: fchmod, ftruncate, fsetxattr; ioctl.
public sealed partial class PolicyJudge
{
    private const uint TIOCSTI = 0x5412;
    private const uint TIOCLINUX = 0x541C;
    private const uint TIOCSETD = 0x5423;
    private const uint FIOSETOWN = 0x8901;
    private const uint SIOCSPGRP = 0x8902;
    private const uint USERFAULTFD_IOC_NEW = 0xAA00;

    private void JudgeDescriptor(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount != 1 || !request.First.IsDescriptor)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var requestIndex = request.Row.IndexOf(ArgKind.IoctlRequest);
        if (requestIndex >= 0 && requestIndex < 5 && JudgeRequest(request, requestIndex, memory, tree, into))
        {
            return;
        }

        // A negative descriptor is not one: AT_FDCWD means nothing to these calls.
        var resolved = into.First;
        var error = request.First.DirFd < 0 ? Errno.EBADF : paths.ResolveDescriptor(request.First.DirFd, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        if (requestIndex >= 0 && IsTerminal(resolved))
        {
            return;
        }

        var decision = DecideWrite(resolved, paths, tree, isEntry: false);
        if (decision == RuleDecision.Allow)
        {
            return;
        }

        var isMemory = IsOutOfReach(resolved, paths, tree);
        error = Resolve(request.First, ResolveOptions.Stat, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        if (!isMemory && IsInherited(resolved, tree))
        {
            return;
        }

        into.Resolved = resolved.CanonicalMemory;
        if (requestIndex >= 0)
        {
            if (decision == RuleDecision.DenySilently)
            {
                Decline(into, Errno.EPERM);
                return;
            }

            Refuse(into, Errno.EPERM, ViolationSubject.Write);
            return;
        }

        DenyPath(into, decision, ViolationSubject.Write, isMemory);
    }

    /// <summary>Requests that are decided by themselves, whatever they are made on.</summary>
    /// <returns>True when the verdict is made.</returns>
    private bool JudgeRequest(SyscallRequest request, int index, ITraceeMemory memory, ITraceeTree tree, Judgement into)
    {
        switch ((uint)request.Args[index])
        {
            case TIOCSTI or TIOCLINUX or TIOCSETD or USERFAULTFD_IOC_NEW:
                Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
                return true;
            case FIOSETOWN or SIOCSPGRP:
                Span<byte> owner = stackalloc byte[4];
                if (!memory.Read(request.Args[index + 1], owner, out var read).IsSuccess || read != owner.Length)
                {
                    into.Verdict = Verdict.Deny(Errno.EFAULT);
                    return true;
                }

                JudgeOwner(BinaryPrimitives.ReadInt32LittleEndian(owner), tree, into);
                return true;
            default:
                return false;
        }
    }

    private static bool IsTerminal(ResolvedPath resolved)
    {
        if (resolved.Kind is not (FileKind.CharacterDevice or FileKind.Unknown))
        {
            return false;
        }

        var path = resolved.Canonical;
        return DefaultWritablePaths.IsPty(path) || path.SequenceEqual("/dev/tty"u8) || path.SequenceEqual("/dev/ptmx"u8)
            || path.SequenceEqual("/dev/pts/ptmx"u8);
    }
}
