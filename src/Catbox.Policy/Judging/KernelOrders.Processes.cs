using Catbox.Policy.Decoding;
using static Catbox.Policy.Judging.KernelChecks;

namespace Catbox.Policy.Judging;

// Signals (kernel/signal.c), scheduling (kernel/sched/syscalls.c), limits (kernel/sys.c), priorities of disks (block/ioprio.c).
internal static partial class KernelOrders
{
    private const int SiginfoSize = 48;
    private const int SI_TKILL = -6;
    private const int SCHED_RESET_ON_FORK = 0x40000000;

    private static IEnumerable<(string Name, KernelOrder Order)> Signals() =>
    [
        Of("kill", Signal(1), Reach(0)),
        Of("tkill", [], [Positive(0)], [Signal(1), Reach(0)]),
        Of("tgkill", [], [Positive(0), Positive(1), OfGroup(0, 1)], [Signal(2), Reach(1)]),
        Of("rt_sigqueueinfo", [], [Memory(2, SiginfoSize), Code(2, 0)], [Signal(1), Reach(0)]),
        Of("rt_tgsigqueueinfo", [], [Memory(3, SiginfoSize), Positive(0), Positive(1), Code(3, 1), OfGroup(0, 1)], [Signal(2), Reach(1)]),
        Of("pidfd_send_signal", [], [], [SignalInfo(1, 2)]),
        Of("fcntl",
            [],
            [Descriptor(0), static (in call) => call.Int(1) != F_SETOWN_EX ? Errno.None : OfOwner(in call)],
            [
                Unless(static a => KernelBits.Int(a[1]) != F_SETOWN || KernelBits.Int(a[2]) != int.MinValue, Errno.EINVAL),
                static (in call) => OfOwningGroup(in call),
            ]),
    ];

    private static IEnumerable<(string Name, KernelOrder Order)> Processes() =>
    [
        Of("sched_setparam", [], [Unless(static a => a[1] != 0 && KernelBits.Int(a[0]) >= 0, Errno.EINVAL), Memory(1, 4)], [Priority(1), Reach(0)]),
        Of("sched_setscheduler",
            [],
            [Unless(static a => KernelBits.Int(a[1]) >= 0 && a[2] != 0 && KernelBits.Int(a[0]) >= 0, Errno.EINVAL), Memory(2, 4)],
            [static (in call) => OfPolicy(call.Int(1)), Priority(2), static (in call) => OfPriority(call.Int(1), IntAt(in call, 2, 0)), Reach(0)]),
        Of("sched_setattr",
            [],
            [Unless(static a => a[1] != 0 && KernelBits.Int(a[0]) >= 0 && KernelBits.Int(a[2]) == 0, Errno.EINVAL), OfAttributes],
            [static (in call) => OfPolicy(IntAt(in call, 1, 4)), Reach(0)]),
        Of("sched_setaffinity", [], [MemoryOf(2, 1, 8)], [Reach(0)]),
        Of("sched_getaffinity", [], [Unless(static a => (uint)a[1] != 0 && (a[1] & 7) == 0, Errno.EINVAL)], []),
        Of("setpriority", [], [Unless(static a => KernelBits.Int(a[0]) is >= 0 and <= 2, Errno.EINVAL)], [ReachWhere(0, 0, 1), GroupWhere(0, 1, 1)]),
        Of("ioprio_set",
            [],
            [
                static (in call) => OfClass(in call, call.Int(2) >> 13, call.Int(2) & 0x1FFF),
                Unless(static a => KernelBits.Int(a[0]) is >= 1 and <= 3, Errno.EINVAL),
            ],
            [ReachWhere(0, 1, 1), GroupWhere(0, 2, 1)]),
        Of("prlimit64", [], [Memory(2, 16, mayBeNull: true)], [Reach(0), Unless(static a => (uint)a[1] < 16, Errno.EINVAL), static (in call) => OfLimits(in call)]),
        Of("get_robust_list", [], [], [Reach(0)]),
    ];

    private const int F_SETOWN = 8, F_SETOWN_EX = 15, F_OWNER_PGRP = 2;

    /// <summary>A thread of another process than the one that was named: ESRCH (do_send_specific). Whose an outside thread is, is not asked.</summary>
    private static KernelCheck OfGroup(int group, int thread) => (in call) =>
        call.Tree.HasProcess(call.Int(group)) && !call.Tree.HasThread(call.Int(thread)) ? Errno.ESRCH : Errno.None;

    /// <summary>Nobody may pretend to another that the kernel or kill sends (do_rt_sigqueueinfo).</summary>
    private static KernelCheck Code(int info, int target) => (in call) =>
        IntAt(in call, info, 8) is >= 0 or SI_TKILL && call.Int(target) != call.Tree.CallerPid ? Errno.EPERM : Errno.None;

    /// <summary>do_pidfd_send_signal: the signal's data, where it has some, must be of that signal.</summary>
    private static KernelCheck SignalInfo(int signal, int info) => (in call) =>
    {
        if (call.Register(info) == 0)
        {
            return (uint)call.Int(signal) <= 64 ? Errno.None : Errno.EINVAL;
        }

        var error = Readable(in call, info, SiginfoSize, mayBeNull: false);
        return !error.IsSuccess ? error
            : IntAt(in call, info, 0) != call.Int(signal) ? Errno.EINVAL
            : IntAt(in call, info, 8) is >= 0 or SI_TKILL ? Errno.EPERM
            : (uint)call.Int(signal) <= 64 ? Errno.None : Errno.EINVAL;
    };

    /// <summary>f_setown_ex (fs/fcntl.c): F_OWNER_TID, F_OWNER_PID or F_OWNER_PGRP.</summary>
    private static Errno OfOwner(in CallFacts call)
    {
        var error = Readable(in call, 2, 8, mayBeNull: false);
        return !error.IsSuccess ? error : IntAt(in call, 2, 0) is >= 0 and <= 2 ? Errno.None : Errno.EINVAL;
    }

    /// <summary>The group that F_SETOWN names by a negative number, or F_SETOWN_EX by its type.</summary>
    private static Errno OfOwningGroup(in CallFacts call)
    {
        var group = call.Int(1) == F_SETOWN ? -call.Int(2) : call.Int(1) == F_SETOWN_EX && IntAt(in call, 2, 0) == F_OWNER_PGRP ? IntAt(in call, 2, 4) : 0;
        return group <= 0 || call.Tree.Kernel.HasGroup(group) ? Errno.None : Errno.ESRCH;
    }

    private static KernelCheck Priority(int index) => (in call) => IntAt(in call, index, 0) is >= 0 and <= 99 ? Errno.None : Errno.EINVAL;

    /// <summary>valid_policy: SCHED_OTHER, FIFO, RR, BATCH, IDLE, DEADLINE, EXT.</summary>
    private static Errno OfPolicy(int policy) =>
        policy < 0 || (policy & ~SCHED_RESET_ON_FORK) is 0 or 1 or 2 or 3 or 5 or 6 or 7 ? Errno.None : Errno.EINVAL;

    /// <summary>FIFO and RR have a priority, and no other has one.</summary>
    private static Errno OfPriority(int policy, int priority) =>
        (policy & ~SCHED_RESET_ON_FORK) is 1 or 2 == (priority != 0) ? Errno.None : Errno.EINVAL;

    /// <summary>sched_copy_attr: struct sched_attr is 48 bytes in its first version, and at most a page.</summary>
    private static Errno OfAttributes(in CallFacts call)
    {
        var error = Readable(in call, 1, 4, mayBeNull: false);
        if (!error.IsSuccess)
        {
            return error;
        }

        var size = (uint)IntAt(in call, 1, 0);
        if (size is not 0 and (< 48 or > 4096))
        {
            return Errno.E2BIG;
        }

        error = Readable(in call, 1, size == 0 ? 48 : (int)size, mayBeNull: false);
        return !error.IsSuccess ? error : IntAt(in call, 1, 4) < 0 ? Errno.EINVAL : Errno.None;
    }

    /// <summary>ioprio_check_cap, which comes before everything else.</summary>
    private static Errno OfClass(in CallFacts call, int kind, int data) => kind switch
    {
        0 => (data & 7) == 0 ? Errno.None : Errno.EINVAL,
        1 => call.Tree.Kernel.HasCapability(CAP_SYS_ADMIN) || call.Tree.Kernel.HasCapability(CAP_SYS_NICE) ? Errno.None : Errno.EPERM,
        2 or 3 => Errno.None,
        _ => Errno.EINVAL,
    };

    private static Errno OfLimits(in CallFacts call) =>
        call.Register(2) != 0 && (ulong)LongAt(in call, 2, 0) > (ulong)LongAt(in call, 2, 8) ? Errno.EINVAL : Errno.None;

    /// <summary>ESRCH for a group that is not there, where another argument says that this one is a group; 0 is the caller's own.</summary>
    private static KernelCheck GroupWhere(int which, int isGroup, int index) => (in call) =>
        call.Int(which) != isGroup || call.Int(index) == 0 || (call.Int(index) > 0 && call.Tree.Kernel.HasGroup(call.Int(index))) ? Errno.None : Errno.ESRCH;

    /// <summary><see cref="Reach"/>, where another argument says that this one is a process.</summary>
    private static KernelCheck ReachWhere(int which, int isProcess, int index)
    {
        var reach = Reach(index);
        return (in call) => call.Int(which) == isProcess ? reach(in call) : Errno.None;
    }
}
