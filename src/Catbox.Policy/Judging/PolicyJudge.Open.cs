using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Judging;

// open, creat, openat, openat2; execve and execveat; descriptors; message queues.
internal sealed partial class PolicyJudge
{
    /// <summary>
    /// Whether an open can change something: O_ACCMODE 3 wants both permissions and counts, O_CREAT makes a file and O_TRUNC empties one
    /// also when it is then only read. With O_PATH the kernel looks at none of these.
    /// </summary>
    private static bool WantsWrite(ulong flags)
        => (flags & O_PATH) == 0 && (flags & (O_ACCMODE | O_CREAT | O_TRUNC | O_TMPFILE_BIT)) != 0;

    private static bool WantsRead(ulong flags) => (flags & O_ACCMODE) != O_WRONLY;

    private void JudgeOpen(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount != 1)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var flags = request.OpenFlags;
        var writes = WantsWrite(flags);
        if (!writes && !_reads)
        {
            return;
        }

        if ((request.ResolveFlags & RESOLVE_IN_ROOT) != 0)
        {
            // Such a path leads elsewhere than the port would find; callers have a way without it, since kernels before 5.6 have no openat2.
            into.Verdict = Verdict.Deny(Errno.ENOSYS);
            return;
        }

        var resolved = into.First;
        var options = request.First.Follow ? ResolveOptions.None : ResolveOptions.NoFollow;
        var error = Resolve(request.First, options, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(AsksForDirectory(request, paths, resolved) ? Errno.EISDIR : error);
            return;
        }

        if (writes)
        {
            var decision = DecideWrite(resolved, PathAccess.Write, paths, tree, isEntry: false);
            if (decision == RuleDecision.Allow && (flags & O_CREAT) != 0 && resolved.Kind != FileKind.Anonymous)
            {
                decision = DecideToCreate(request, resolved, into);
            }

            if (decision != RuleDecision.Allow && !DenyOpen(request, options, decision, paths, tree, into))
            {
                return;
            }
        }

        if (!_reads || !WantsRead(flags))
        {
            return;
        }

        var read = DecideRead(resolved);
        if (read == RuleDecision.Allow)
        {
            return;
        }

        error = Resolve(request.First, options | ResolveOptions.Stat, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        into.Given = request.First.Path;
        into.Resolved = resolved.CanonicalMemory;
        if (!resolved.Exists && !writes)
        {
            Decline(into, Errno.ENOENT);
            return;
        }

        DenyPath(into, read, ViolationSubject.Read, integrity: false);
    }

    /// <summary>What may be opened and not changed has to be there: no file is made in its place.</summary>
    private RuleDecision DecideToCreate(SyscallRequest request, ResolvedPath resolved, Judgement into)
    {
        if (_rules.DecidePath(resolved.Canonical, PathAccess.Change) == RuleDecision.Allow)
        {
            return RuleDecision.Allow;
        }

        into.ExistingOnly = true;
        return (request.OpenFlags & O_EXCL) == 0 ? RuleDecision.Allow : RuleDecision.Deny;
    }

    /// <summary>O_CREAT with a slash behind the name is refused for that (lookup_fast_for_open, fs/namei.c), before it is seen what the name is.</summary>
    private static bool AsksForDirectory(SyscallRequest request, IPathResolver paths, ResolvedPath resolved)
        => (request.OpenFlags & O_CREAT) != 0 && PathSyntax.InsistsOnDirectory(request.First.Path.Span)
            && Resolve(request.First, ResolveOptions.Entry, paths, resolved).IsSuccess;

    /// <summary>What becomes of an open for writing that the rules do not allow.</summary>
    /// <returns>True when it may go on after all: what is there is only read, or was given to the session.</returns>
    private bool DenyOpen(
        SyscallRequest request, ResolveOptions options, RuleDecision decision, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var resolved = into.First;
        var flags = request.OpenFlags;
        var isMemory = IsOutOfReach(resolved, paths, tree);
        var error = Resolve(request.First, options | ResolveOptions.Stat, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return false;
        }

        var temporary = (flags & O_TMPFILE_BIT) != 0;
        if (!isMemory && !temporary && IsInherited(resolved, tree))
        {
            into.ExistingOnly = true;
            return true;
        }

        into.Given = request.First.Path;
        into.Resolved = resolved.CanonicalMemory;
        var creates = (flags & O_CREAT) != 0;
        if (!resolved.Exists && (!creates || IsMadeByKernel(resolved, paths)))
        {
            Decline(into, Errno.ENOENT);
            return false;
        }

        if (resolved.Exists && creates && (flags & O_EXCL) != 0)
        {
            Decline(into, Errno.EEXIST);
            return false;
        }

        if (resolved.Exists && !temporary)
        {
            if (resolved.Kind == FileKind.Directory)
            {
                Decline(into, Errno.EISDIR);
                return false;
            }

            if (resolved.Kind == FileKind.Symlink && (flags & O_NOFOLLOW) != 0)
            {
                Decline(into, Errno.ELOOP);
                return false;
            }

            // O_CREAT alone does nothing to a file that is there.
            if (creates && (flags & (O_ACCMODE | O_TRUNC)) == 0)
            {
                into.Given = default;
                into.Resolved = default;
                into.ExistingOnly = true;
                return true;
            }
        }

        DenyPath(into, decision, ViolationSubject.Write, isMemory);
        return false;
    }

    /// <summary>Whether what an execve led to is to be looked at: some programs may run, others may not, and a refusal is one.</summary>
    public bool TellsProgramsApart => !_collects && _rules.TellsProgramsApart;

    /// <summary>Whether a program may run that an execve has led to.</summary>
    /// <param name="executable">As <c>/proc/PID/exe</c> shows it: a canonical path, <c> (deleted)</c> behind it where it has no name any more.</param>
    public bool MayRun(ReadOnlySpan<byte> executable)
    {
        if (executable.EndsWith(" (deleted)"u8))
        {
            executable = executable.StartsWith("/memfd:"u8) ? "/memfd:"u8 : executable[..^" (deleted)"u8.Length];
        }

        return _rules.DecidePath(executable, PathAccess.Execute) == RuleDecision.Allow;
    }

    private void JudgeExec(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount != 1)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var resolved = into.First;
        var options = request.First.Follow ? ResolveOptions.None : ResolveOptions.NoFollow;
        var error = Resolve(request.First, options, paths, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var anonymous = resolved.Kind == FileKind.Anonymous;
        // A memfd's name is the guest's choice: it must not match a rule by it.
        var decision = _rules.DecidePath(anonymous ? "/memfd:"u8 : resolved.Canonical, PathAccess.Execute);
        var blinding = decision == RuleDecision.Allow && !anonymous && !tree.CanReadProgram(resolved.Canonical);
        if (decision == RuleDecision.Allow && !blinding)
        {
            return;
        }

        into.Given = request.First.Path;
        if (!anonymous)
        {
            error = Resolve(request.First, options | ResolveOptions.Stat, paths, resolved);
            if (!error.IsSuccess)
            {
                into.Verdict = Verdict.Deny(error);
                return;
            }

            // execvp tries one directory after the other: what is not there is no violation, and a directory is never executed.
            if (!resolved.Exists || resolved.Kind == FileKind.Directory)
            {
                into.Verdict = Verdict.Deny(resolved.Exists ? Errno.EACCES : Errno.ENOENT);
                return;
            }

            if (resolved.Kind == FileKind.Symlink)
            {
                // AT_SYMLINK_NOFOLLOW: do_open_execat opens with O_NOFOLLOW, whatever the link leads to.
                into.Verdict = Verdict.Deny(Errno.ELOOP);
                return;
            }
        }

        into.Resolved = resolved.CanonicalMemory;
        DenyPath(into, blinding ? RuleDecision.Deny : decision, ViolationSubject.Execute, blinding);
    }

    /// <summary>mq_open and mq_unlink: a name in the root of the mqueue file system (ipc/mqueue.c), wherever that is mounted.</summary>
    private void JudgeMessageQueue(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.OperandCount != 1)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        if (request.First.IsDescriptor)
        {
            JudgeHeldQueue(request, paths, tree, into);
            return;
        }

        var flagsIndex = request.Row.IndexOf(ArgKind.OpenFlags);
        var flags = flagsIndex < 0 ? O_WRONLY : (uint)request.Args[flagsIndex];
        var name = request.First.Path.Span;
        if (name.IsEmpty)
        {
            return;
        }

        // lookup_one takes one plain component.
        if (name.Contains((byte)'/') || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            into.Verdict = Verdict.Deny(Errno.EACCES);
            return;
        }

        if (name.Length > NAME_MAX)
        {
            into.Verdict = Verdict.Deny(Errno.ENAMETOOLONG);
            return;
        }

        Span<byte> path = stackalloc byte[12 + NAME_MAX];
        "/dev/mqueue/"u8.CopyTo(path);
        name.CopyTo(path[12..]);
        path = path[..(12 + name.Length)];
        into.First.Set(path);
        // Whoever has it open for reading takes messages away: nobody else gets them.
        var decision = _rules.DecidePath(path, PathAccess.Write);
        var subject = ViolationSubject.Write;
        if (decision == RuleDecision.Allow && _reads && flagsIndex >= 0 && WantsRead(flags))
        {
            decision = _rules.DecidePath(path, PathAccess.Read);
            subject = ViolationSubject.Read;
        }

        if ((flags & O_ACCMODE) != 0 && flagsIndex >= 0 && _rules.QueuesAreShut)
        {
            // The kernel would make it, and Landlock would not let it be opened.
            decision = decision == RuleDecision.Allow ? RuleDecision.Deny : decision;
            subject = ViolationSubject.Queue;
        }

        if (decision == RuleDecision.Allow)
        {
            return;
        }

        // Only to be told that there is no such queue; where the file system is not mounted nothing can be told.
        var mounted = paths.Resolve(AT_FDCWD, path, ResolveOptions.NoFollow | ResolveOptions.Stat, into.First).IsSuccess;
        if (mounted && !into.First.Exists && (flags & O_CREAT) == 0)
        {
            Decline(into, Errno.ENOENT);
            return;
        }

        into.First.Set(path);
        into.Given = request.First.Path;
        into.Resolved = into.First.CanonicalMemory;
        DenyPath(into, decision, subject, integrity: false);
    }
}
