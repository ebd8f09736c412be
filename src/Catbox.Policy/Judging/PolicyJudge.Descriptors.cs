using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

// Calls that change what is behind a descriptor: fchmod, ftruncate, fsetxattr; ioctl.
internal sealed partial class PolicyJudge
{
    private const uint FIOASYNC = 0x5452;
    private const uint USERFAULTFD_IOC_NEW = 0xAA00;

    private void JudgeDescriptor(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount != 1 || !request.First.IsDescriptor)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var requestIndex = request.Row.IndexOf(ArgKind.IoctlRequest);
        if (requestIndex >= 0)
        {
            var row = TerminalRequests.Find((uint)request.Args[requestIndex]);
            var isJudged = row.Kind == TerminalRequestKind.None
                ? JudgeRequest(request, requestIndex, into)
                : JudgeTerminalRequest(request, requestIndex, in row, memory, paths, tree, into);
            if (!isJudged)
            {
                JudgeControl(request, memory, paths, tree, into);
            }

            return;
        }

        var resolved = into.First;
        var error = ResolveHeld(request, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var access = AccessOf(request);
        var decision = DecideWrite(resolved, access, paths, tree, isEntry: false);
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

        if (!isMemory && MayDoToGiven(request, access, resolved, tree))
        {
            return;
        }

        into.Resolved = resolved.CanonicalMemory;
        DenyPath(into, decision, ViolationSubject.Write, isMemory);
    }

    /// <summary>Requests that are decided by themselves, whatever they are made on.</summary>
    /// <returns>True when the verdict is made.</returns>
    private bool JudgeRequest(SyscallRequest request, int index, Judgement into)
    {
        if ((uint)request.Args[index] != USERFAULTFD_IOC_NEW)
        {
            return false;
        }

        Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
        return true;
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
