using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

// Calls on one or two paths, by what each operand's kind says is done to it.
internal sealed partial class PolicyJudge
{
    private void JudgePaths(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount == 0)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        if (MakesDevice(request))
        {
            // A node below a writable directory would be a way into a disk: by path it is allowed, by what is behind it it is not.
            var found = Resolve(request.First, ResolveOptions.Entry | ResolveOptions.Stat, paths, into.First);
            if (!found.IsSuccess || into.First.Exists || into.First.TrailingSlash)
            {
                into.Verdict = Verdict.Deny(!found.IsSuccess ? found : into.First.Exists ? Errno.EEXIST : Errno.ENOENT);
                return;
            }

            into.Given = request.First.Path;
            into.Resolved = into.First.CanonicalMemory;
            Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
            return;
        }

        if (!JudgeOperand(request, request.First, into.First, paths, tree, into) || request.OperandCount == 1)
        {
            return;
        }

        if (!JudgeOperand(request, request.Second, into.Second, paths, tree, into) && into.Verdict.Kind == VerdictKind.Deny && !into.IsViolation
            && request.First.Kind == ArgKind.PathLinkSource && !into.First.Exists)
        {
            // do_linkat looks for the file before it looks at the new name.
            into.Verdict = Verdict.Deny(Errno.ENOENT);
        }
    }

    /// <summary>
    /// access and its kin. Who asks for W_OK is told what an open for writing would be told: a program that is told yes goes on as if it could, and may try for ever.
    /// Nothing is tried by asking, so it is no violation.
    /// </summary>
    private void JudgeAccess(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        JudgePaths(request, paths, tree, into);
        var index = request.Row.IndexOf(ArgKind.AccessMode);
        var mode = index < 0 ? 0 : KernelBits.Int(request.Args[index]);
        if (into.Verdict.Kind != VerdictKind.Continue || into.IsViolation || (mode & KernelBits.W_OK) == 0 || (mode & ~7) != 0)
        {
            return;
        }

        var resolved = into.First;
        var options = request.First.Follow ? ResolveOptions.None : ResolveOptions.NoFollow;
        var error = Resolve(request.First, options, paths, resolved);
        if (error.IsSuccess && DecideWrite(resolved, PathAccess.Write, paths, tree, isEntry: false) == RuleDecision.Allow)
        {
            return;
        }

        var isMemory = error.IsSuccess && IsOutOfReach(resolved, paths, tree);
        error = error.IsSuccess ? Resolve(request.First, options | ResolveOptions.Stat, paths, resolved) : error;
        if (error.IsSuccess && !isMemory && IsInherited(resolved, tree))
        {
            return;
        }

        Decline(into, !error.IsSuccess ? error : resolved.Exists || request.First.IsDescriptor ? Errno.EACCES : Errno.ENOENT);
    }

    /// <summary>What procfs has is the kernel's: nothing is made there by anybody, and a name that is not there is just that.</summary>
    private static bool IsMadeByKernel(ResolvedPath resolved, IPathResolver paths) =>
        resolved.Canonical.StartsWith("/proc/"u8) && paths.IsOnProcFs(resolved.Canonical[..resolved.Canonical.LastIndexOf((byte)'/')]);

    /// <summary>
    /// Of two paths the second could not be read: the kernel looks up the first one before it finds out. Where reads are judged nothing is told of
    /// a path that was not asked for in earnest.
    /// </summary>
    private Errno FirstOf(SyscallRequest request, Errno error, IPathResolver paths, ResolvedPath first)
    {
        if (_reads || request.OperandCount != 1 || request.First.Kind is not (ArgKind.PathLinkSource or ArgKind.PathRemove)
            || request.Row.Args.LastIndexOf(ArgKind.PathCreate) <= request.First.ArgIndex)
        {
            return error;
        }

        var isLink = request.First.Kind == ArgKind.PathLinkSource;
        var options = !isLink ? ResolveOptions.Entry : request.First.Follow ? ResolveOptions.Stat : ResolveOptions.NoFollow | ResolveOptions.Stat;
        var before = Resolve(request.First, options, paths, first);
        return !before.IsSuccess ? before : isLink && !first.Exists ? Errno.ENOENT : error;
    }

    /// <summary>mknod of a character or block device other than 0:0 (the whiteout of overlayfs, which anybody may make).</summary>
    private static bool MakesDevice(SyscallRequest request)
    {
        var row = request.Row;
        if (row.Operation != BehalfOperation.MakeNode)
        {
            return false;
        }

        var mode = row.IndexOf(ArgKind.Mode);
        return mode >= 0 && mode < 5
            && ((uint)request.Args[mode] & KernelBits.S_IFMT) is KernelBits.S_IFCHR or KernelBits.S_IFBLK
            && (uint)request.Args[mode + 1] != 0;
    }

    /// <returns>True when this operand is allowed (and the verdict still stands at continue).</returns>
    private bool JudgeOperand(
        SyscallRequest request, in PathOperand operand, ResolvedPath resolved, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        ResolveOptions options;
        var access = AccessOf(request);
        switch (operand.Kind)
        {
            case ArgKind.PathRead or ArgKind.PathReadNoFollow:
                if (!_reads)
                {
                    return true;
                }

                access = PathAccess.Read;
                options = operand.Follow ? ResolveOptions.None : ResolveOptions.NoFollow;
                break;
            case ArgKind.PathWrite or ArgKind.PathWriteNoFollow or ArgKind.PathLinkSource or ArgKind.FdWrite:
                options = operand.Follow ? ResolveOptions.None : ResolveOptions.NoFollow;
                break;
            case ArgKind.PathCreate or ArgKind.PathRemove:
                options = ResolveOptions.Entry;
                break;
            default:
                into.Verdict = Verdict.Deny(Errno.EPERM);
                return false;
        }

        var error = Resolve(operand, options, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return false;
        }

        var decision = access == PathAccess.Read ? DecideRead(resolved) : DecideWrite(resolved, access, paths, tree, options == ResolveOptions.Entry);
        if (decision == RuleDecision.Allow && options == ResolveOptions.Entry && !MayMove(request, operand, resolved))
        {
            decision = RuleDecision.Deny;
        }

        if (decision == RuleDecision.Allow)
        {
            return true;
        }

        return DenyOperand(request, operand, options, access, decision, resolved, paths, tree, into);
    }

    /// <summary>What a call that changes something does to its object: truncation changes what is in it, everything else the thing itself.</summary>
    private static PathAccess AccessOf(SyscallRequest request)
        => request.Row.Operation is BehalfOperation.Truncate or BehalfOperation.TruncateDescriptor ? PathAccess.Write : PathAccess.Change;

    /// <summary>
    /// Whether a call may be made on what the session was given as a descriptor 0-2: what is in it may be changed, and with that the times of a file. Its mode, owner
    /// and attributes stay: a guest that is root would make a program for everybody of its own output.
    /// </summary>
    private bool MayDoToGiven(SyscallRequest request, PathAccess access, ResolvedPath resolved, ITraceeTree tree)
        => (access == PathAccess.Write || (request.Row.Operation == BehalfOperation.ChangeTimes && resolved.Kind == FileKind.Regular)) && IsInherited(resolved, tree);

    /// <summary>Whether an entry that may be written may also be taken away or given another name.</summary>
    private bool MayMove(SyscallRequest request, in PathOperand operand, ResolvedPath resolved)
    {
        var isRename = IsRename(request);

        // A denied path is a name: with the directory above it moved, what it protects would stand under a name that is allowed. What is pinned has the
        // session's Landlock rule on it: another thing under its name would have none. By dots no entry is removed or renamed, each call has its errno for them.
        return !(isRename && _rules.LeadsToDenied(resolved.Canonical))
            && !((isRename || operand.Kind == ArgKind.PathRemove) && _rules.IsPinned(resolved.Canonical) && !PathSyntax.EndsInDots(operand.Path.Span));
    }

    private static bool IsRename(SyscallRequest request)
        => request.First.Kind == ArgKind.PathRemove && request.OperandCount == 2;

    private bool DenyOperand(
        SyscallRequest request,
        in PathOperand operand,
        ResolveOptions options,
        PathAccess access,
        RuleDecision decision,
        ResolvedPath resolved,
        IPathResolver paths,
        ITraceeTree tree,
        Judgement into)
    {
        var isMemory = IsOutOfReach(resolved, paths, tree);
        var error = Resolve(operand, options | ResolveOptions.Stat, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return false;
        }

        if (access != PathAccess.Read && options != ResolveOptions.Entry && !isMemory && MayDoToGiven(request, access, resolved, tree))
        {
            return true;
        }

        into.Given = operand.Path;
        into.Resolved = resolved.CanonicalMemory;
        if (operand.Kind == ArgKind.PathCreate)
        {
            // mkdir -p walks down to what it may make, and must be told that the directories on the way are there.
            if (resolved.Exists && (request.Row.Traits & SyscallTraits.CreatesEntry) != 0 && _rules.LeadsToWritable(resolved.Canonical))
            {
                Decline(into, Errno.EEXIST);
                return false;
            }

            if (!resolved.Exists && IsMadeByKernel(resolved, paths))
            {
                Decline(into, Errno.ENOENT);
                return false;
            }
        }
        else if (!resolved.Exists && !operand.IsDescriptor)
        {
            Decline(into, Errno.ENOENT);
            return false;
        }

        DenyPath(into, decision, access == PathAccess.Read ? ViolationSubject.Read : ViolationSubject.Write, isMemory);
        return false;
    }

    /// <summary>EACCES, with or without a violation.</summary>
    private void DenyPath(Judgement into, RuleDecision decision, ViolationSubject subject, bool integrity)
    {
        if (decision == RuleDecision.DenySilently && !integrity)
        {
            Decline(into, Errno.EACCES);
            return;
        }

        Refuse(into, Errno.EACCES, subject, integrity);
    }

    private RuleDecision DecideRead(ResolvedPath resolved)
        => resolved.Kind == FileKind.Anonymous ? RuleDecision.Allow : _rules.DecidePath(resolved.Canonical, PathAccess.Read);

    /// <summary>Whether an object (or, for an entry, the name itself) may be written or changed; asks no port but the process table.</summary>
    private RuleDecision DecideWrite(ResolvedPath resolved, PathAccess access, IPathResolver paths, ITraceeTree tree, bool isEntry)
    {
        // Writing another's memory, or one's own sealed pages (FOLL_FORCE), would undo every judgement: no rule allows it.
        if (IsOutOfReach(resolved, paths, tree))
        {
            return RuleDecision.Deny;
        }

        var name = resolved.Canonical;
        if (resolved.Kind == FileKind.Anonymous && !isEntry)
        {
            // Behind a descriptor of the session's own that never had a path (pipe, socket, memfd) is nothing that outlives it. A file that lost its name may be
            // open outside still, and is judged by the name that it had.
            if (!HadName(name))
            {
                return RuleDecision.Allow;
            }

            name = name[..^Deleted.Length];
        }

        var decision = _rules.DecidePath(name, access);
        if (decision == RuleDecision.Allow)
        {
            return RuleDecision.Allow;
        }

        return !isEntry && !_rules.IsStrict && SelfProcFiles.IsOwnFile(resolved.Canonical, out var pid) && (tree.HasProcess(pid) || tree.HasThread(pid))
            ? RuleDecision.Allow
            : decision;
    }

    private static ReadOnlySpan<byte> Deleted => " (deleted)"u8;

    /// <summary>Whether an object without a name had one: the kernel shows it with <c> (deleted)</c> behind it. It shows its own files of memory so too.</summary>
    private static bool HadName(ReadOnlySpan<byte> shown)
        => shown.StartsWith("/"u8) && shown.EndsWith(Deleted) && !shown.StartsWith("/memfd:"u8) && !shown.StartsWith("/dmabuf:"u8);

    /// <summary>
    /// What no rule lets be written: the memory of a process, and an object without a name that another process has open (the double mapping of its
    /// code, a deleted file, its pipes). Such an object opened for reading is a descriptor of the guest's own, and
    /// does not become writable by that: what a process has made itself it has open for writing.
    /// </summary>
    private static bool IsOutOfReach(ResolvedPath resolved, IPathResolver paths, ITraceeTree tree)
    {
        if (resolved.Kind != FileKind.Anonymous)
        {
            return ProcMemory.IsMemoryFile(resolved.Canonical, out var mount)
                && (mount.SequenceEqual("/proc"u8) || paths.IsOnProcFs(resolved.Canonical));
        }

        var through = resolved.ThroughProcess;
        return through != 0 && (resolved.ThroughReadOnly || !(tree.HasProcess(through) || tree.HasThread(through)));
    }

    /// <summary>
    /// Whether this is one of the session's own descriptors 0–2, named as such (<c>/dev/stdout</c>), and still what was given; a terminal that was given
    /// may also be named by its path (ttyname). Device and inode must be known.
    /// </summary>
    private bool IsInherited(ResolvedPath resolved, ITraceeTree tree)
    {
        var isDescriptor = resolved.ThroughDescriptor is >= 0 and <= 2
            && (resolved.ThroughProcess == 0 || tree.HasProcess(resolved.ThroughProcess) || tree.HasThread(resolved.ThroughProcess));
        if (_rules.IsStrict || resolved.Inode == 0 || (!isDescriptor && resolved.Kind != FileKind.CharacterDevice))
        {
            return false;
        }

        foreach (var given in _inherited)
        {
            if (given.Writable && given.Inode == resolved.Inode && given.Device == resolved.Device)
            {
                return true;
            }
        }

        return false;
    }
}
