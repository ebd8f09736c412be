using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

// Calls on processes: signals, scheduling, limits, the receiver of SIGIO.
internal sealed partial class PolicyJudge
{
    private const int PIDFD_SIGNAL_PROCESS_GROUP = 4, PIDFD_SEND_SIGNAL_FLAGS = 7;
    private const int PIDFD_SELF_THREAD = -10000, PIDFD_SELF_THREAD_GROUP = -10001;
    private const int F_SETOWN = 8;
    private const int F_SETOWN_EX = 15;
    private const int F_OWNER_PGRP = 2;

    private void JudgeSignal(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var row = request.Row;
        var signalIndex = row.IndexOf(ArgKind.Signal);
        var signal = signalIndex < 0 ? -1 : KernelBits.Int(request.Args[signalIndex]);
        var index = row.IndexOf(ArgKind.SignalTarget);
        if (index >= 0)
        {
            JudgeKill(KernelBits.Int(request.Args[index]), signal, tree, into);
            return;
        }

        index = row.IndexOf(ArgKind.PidFd);
        if (index >= 0)
        {
            JudgePidFdSignal(request, index, signal, paths, tree, into);
            return;
        }

        // tgkill has both: the thread is the receiver, and the kernel compares the process.
        index = row.IndexOf(ArgKind.Tid);
        var isThread = index >= 0;
        index = isThread ? index : row.IndexOf(ArgKind.Pid);
        if (index < 0)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var target = KernelBits.Int(request.Args[index]);
        if (target <= 0)
        {
            // do_tkill: EINVAL; kill_proc_info finds nobody.
            into.Verdict = Verdict.Deny(isThread ? Errno.EINVAL : Errno.ESRCH);
            return;
        }

        JudgeTarget(target, silent: signal == 0, tree, into);
    }

    private void JudgeKill(int target, int signal, ITraceeTree tree, Judgement into)
    {
        switch (target)
        {
            case int.MinValue:
                into.Verdict = Verdict.Deny(Errno.ESRCH);
                break;
            case <= 0:
                // 0, -1 and groups may have members outside: the tracer signals those that are of the session.
                into.Verdict = new Verdict(VerdictKind.OnBehalf, Errno.None, 0);
                break;
            default:
                JudgeTarget(target, silent: signal == 0, tree, into);
                break;
        }
    }

    private void JudgePidFdSignal(SyscallRequest request, int index, int signal, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        // The flags are the fourth argument and have no kind of their own.
        var flags = KernelBits.Int(request.Args[3]);
        if ((flags & ~PIDFD_SEND_SIGNAL_FLAGS) != 0 || BitOperations.PopCount((uint)flags) > 1)
        {
            into.Verdict = Verdict.Deny(Errno.EINVAL);
            return;
        }

        var fd = KernelBits.Int(request.Args[index]);
        var isGroup = (flags & PIDFD_SIGNAL_PROCESS_GROUP) != 0;
        if (fd < 0 && !(isGroup && fd is PIDFD_SELF_THREAD or PIDFD_SELF_THREAD_GROUP))
        {
            // The caller itself, or a number that is no descriptor.
            return;
        }

        var target = fd < 0 ? tree.CallerPid : ProcessOfPidFd(fd, paths, tree, into, out var error) is > 0 and var pid ? pid : -error.Value;
        if (target <= 0)
        {
            into.Verdict = Verdict.Deny(new Errno(-target));
            return;
        }

        if (isGroup)
        {
            // The group of that number: there is one only where the process leads it, and others may have joined.
            if (!tree.Kernel.HasGroup(target))
            {
                into.Verdict = Verdict.Deny(Errno.ESRCH);
            }
            else if (signal == 0)
            {
                Decline(into, Errno.EPERM);
            }
            else
            {
                Refuse(into, Errno.EPERM, ViolationSubject.Process);
            }

            return;
        }

        JudgeTarget(target, silent: signal == 0, tree, into);
    }

    /// <summary>The process that a descriptor stands for (pidfd_to_pid): a pidfd, or a directory of a process in /proc.</summary>
    /// <returns>The process, or 0.</returns>
    private static int ProcessOfPidFd(int fd, IPathResolver paths, ITraceeTree tree, Judgement into, out Errno error)
    {
        error = paths.ResolveDescriptor(fd, into.First);
        if (!error.IsSuccess)
        {
            return 0;
        }

        var name = into.First.Canonical;
        if (name.StartsWith("/proc/"u8) && name.Length <= 16 && !name[6..].ContainsAnyExceptInRange((byte)'0', (byte)'9') && paths.IsOnProcFs(name))
        {
            error = Errno.EBADF;
            return Utf8Parser.TryParse(name[6..], out int process, out _) ? process : 0;
        }

        error = into.First.Kind == FileKind.Anonymous && name.IndexOf("pidfd"u8) >= 0 ? Errno.ESRCH : Errno.EBADF;
        return error == Errno.ESRCH ? tree.ProcessOfPidFd(fd) : 0;
    }

    /// <summary>Lets a call on one of the session's own through; otherwise says what the guest gets.</summary>
    /// <param name="target">A process or thread, positive.</param>
    /// <param name="silent">Only a question (signal 0): refused without a violation.</param>
    /// <param name="tree">The session's processes.</param>
    /// <param name="into">Gets the verdict.</param>
    /// <returns>True when it is let through.</returns>
    private bool JudgeTarget(int target, bool silent, ITraceeTree tree, Judgement into)
    {
        if (tree.HasProcess(target) || tree.HasThread(target))
        {
            return true;
        }

        switch (tree.StandingOf(target))
        {
            case ProcessStanding.OwnDead:
                return true;
            case ProcessStanding.None:
                into.Verdict = Verdict.Deny(Errno.ESRCH);
                return false;
            default:
                if (silent)
                {
                    Decline(into, Errno.EPERM);
                    return false;
                }

                SetText(into, DestinationText.Process(target, into.Text));
                Refuse(into, Errno.EPERM, ViolationSubject.Process);
                return false;
        }
    }

    private void JudgeProcess(SyscallRequest request, ITraceeTree tree, Judgement into)
    {
        var row = request.Row;
        var judged = false;
        for (var index = 0; index < row.Args.Length; index++)
        {
            var value = KernelBits.Int(request.Args[index]);
            bool goesOn;
            switch (row.Args[index])
            {
                case ArgKind.Command when index + 1 < row.Args.Length && row.Args[index + 1] is ArgKind.Pid or ArgKind.Tid:
                    // setpriority and ioprio_set: what kind of thing the next argument counts.
                    if (row.ProcessCommand >= 0 && value != row.ProcessCommand)
                    {
                        JudgeWho(value == row.ProcessCommand + 1, KernelBits.Int(request.Args[index + 1]), tree, into);
                        return;
                    }

                    continue;
                case ArgKind.Pid or ArgKind.Tid when value < 0:
                    into.Verdict = Verdict.Deny(Errno.ESRCH);
                    return;
                case ArgKind.Pid or ArgKind.Tid:
                    goesOn = value == 0 || JudgeTarget(value, silent: false, tree, into);
                    break;
                case ArgKind.PidFd:
                    value = tree.ProcessOfPidFd(value);
                    if (value <= 0)
                    {
                        into.Verdict = Verdict.Deny(Errno.ESRCH);
                        return;
                    }

                    goesOn = JudgeTarget(value, silent: false, tree, into);
                    break;
                default:
                    continue;
            }

            judged = true;
            if (!goesOn)
            {
                return;
            }
        }

        if (!judged)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
        }
    }

    /// <summary>A process group of the session's own (0 is the caller's), or all processes of a user (never: they are not the session's).</summary>
    private void JudgeWho(bool isGroup, int who, ITraceeTree tree, Judgement into)
    {
        if (!isGroup)
        {
            Refuse(into, Errno.EPERM, ViolationSubject.Process);
        }
        else if (who < 0)
        {
            into.Verdict = Verdict.Deny(Errno.ESRCH);
        }
        else
        {
            JudgeGroupTarget(who == 0 ? tree.CallerGroup : who, allowsShared: false, Errno.ESRCH, tree, into);
        }
    }

    /// <summary>The engine answers for the session's own threads: it places them itself, and shows each its own mask.</summary>
    private void JudgeAffinity(SyscallRequest request, ITraceeTree tree, Judgement into)
    {
        var row = request.Row;
        var index = row.IndexOf(ArgKind.Tid);
        index = index >= 0 ? index : row.IndexOf(ArgKind.Pid);
        var target = index < 0 ? -1 : KernelBits.Int(request.Args[index]);
        if (target < 0)
        {
            into.Verdict = Verdict.Deny(index < 0 ? Errno.EPERM : Errno.ESRCH);
            return;
        }

        if (target > 0 && !row.SetsAffinity && !tree.HasProcess(target) && !tree.HasThread(target))
        {
            // The engine has placed none but the session's own: another's mask is what it is, and only looked at.
            return;
        }

        if (target == 0 || JudgeTarget(target, silent: false, tree, into))
        {
            into.Verdict = new Verdict(VerdictKind.OnBehalf, Errno.None, 0);
        }
    }

    /// <summary>fcntl: who gets SIGIO and SIGURG. Which signal it is, and that it is sent at all, is decided by who gets it: the tracer looks, and makes the call.</summary>
    private void JudgeFileOwner(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var index = request.Row.IndexOf(ArgKind.Command);
        if (index is < 0 or > 4)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var argument = request.Args[index + 1];
        switch (KernelBits.Int(request.Args[index]))
        {
            case F_SETLEASE or F_SETPIPE_SZ or F_SET_RW_HINT or F_SET_FILE_RW_HINT:
                JudgeHold(request, paths, tree, into);
                break;
            case F_SETOWN:
                JudgeOwner(KernelBits.Int(argument), tree, into);
                break;
            case F_SETOWN_EX:
                // struct f_owner_ex: int type, pid_t pid.
                if (!TryReadArgument(argument, 2 * sizeof(int), memory, into))
                {
                    break;
                }

                var owner = into.Argument.Span;
                var pid = BinaryPrimitives.ReadInt32LittleEndian(owner[sizeof(int)..]);
                var isGroup = BinaryPrimitives.ReadInt32LittleEndian(owner) == F_OWNER_PGRP;
                JudgeOwner(isGroup && pid != int.MinValue ? -pid : pid, tree, into);
                break;
        }
    }

    /// <summary>A process, a group where negative, nobody where 0.</summary>
    private void JudgeOwner(int owner, ITraceeTree tree, Judgement into)
    {
        if (owner == int.MinValue)
        {
            // f_setown (fs/fcntl.c)
            into.Verdict = Verdict.Deny(Errno.EINVAL);
        }
        else if (owner < 0)
        {
            JudgeGroupTarget(-owner, allowsShared: false, Errno.ESRCH, tree, into);
        }
        else if (owner > 0)
        {
            JudgeTarget(owner, silent: false, tree, into);
        }
    }

    private static void SetText(Judgement into, int length) => into.Resolved = into.Text.AsMemory(0, length);
}
