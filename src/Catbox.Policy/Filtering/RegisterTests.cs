using System.Collections.Immutable;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using static Catbox.Policy.Filtering.ArgTest;
using static Catbox.Policy.Filtering.TestOutcome;

namespace Catbox.Policy.Filtering;

/// <summary>
/// What registers alone decide, as data: the lines of a call in order, the first that holds decides, behind the last the row does.
/// A test names the argument with its width and mask, as the kernel's prototype of the call has it.
/// </summary>
internal static partial class RegisterTests
{
    // include/uapi/asm-generic/fcntl.h. O_TMPFILE is __O_TMPFILE|O_DIRECTORY; O_DIRECTORY alone changes nothing. O_PATH makes the kernel
    // ignore the access mode: such an open may stop needlessly, never the other way round.
    private const uint O_ACCMODE = 0x3, O_CREAT = 0x40, O_TRUNC = 0x200, __O_TMPFILE = 0x400000;
    private const uint WriteIntent = O_ACCMODE | O_CREAT | O_TRUNC | __O_TMPFILE;
    private const uint O_ASYNC = 0x2000;
    private const int F_SETFL = 4, F_SETOWN = 8, F_SETSIG = 10, F_SETOWN_EX = 15, F_SETLEASE = 1024, F_SETPIPE_SZ = 1031, F_SET_RW_HINT = 1036, F_SET_FILE_RW_HINT = 1038;
    private const uint W_OK = 2;

    // include/uapi/linux/seccomp.h
    private const uint SECCOMP_MODE_FILTER = 2, SECCOMP_SET_MODE_FILTER = 1, SECCOMP_FILTER_FLAG_NEW_LISTENER = 0x8;

    /// <summary>SECCOMP_FILTER_FLAG_MASK (include/linux/seccomp.h).</summary>
    private const uint KnownFilterFlags = 0x3F;

    // include/uapi/linux/prctl.h
    private const int PR_SET_DUMPABLE = 4, PR_SET_SECCOMP = 22, PR_CAPBSET_DROP = 24, PR_SET_SECUREBITS = 28, PR_SET_MM = 35, PR_SCHED_CORE = 62;

    // include/uapi/linux/sched.h. CLONE_NEWTIME lies in clone's signal byte, and only unshare and clone3 know it.
    private const uint CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_SIGHAND = 0x800, CLONE_THREAD = 0x10000, CLONE_SYSVSEM = 0x40000;
    private const uint CLONE_UNTRACED = 0x00800000;
    private const uint NewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    private const uint CLONE_NEWNS = 0x00020000, CLONE_NEWCGROUP = 0x02000000, CLONE_NEWUTS = 0x04000000, CLONE_NEWIPC = 0x08000000;
    private const uint CLONE_NEWUSER = 0x10000000, CLONE_NEWPID = 0x20000000, CLONE_NEWNET = 0x40000000;
    private const uint PartsOfTheCaller = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

    // include/linux/socket.h, include/linux/net.h, include/uapi/linux/in.h, in6.h, asm-generic/socket.h
    private const int AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;
    private const uint SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_TYPE_MASK = 0xf;
    private const int IPPROTO_TCP = 6, IPPROTO_UDP = 17, NETLINK_ROUTE = 0;

    private const int PRIO_PROCESS = 0, IOPRIO_WHO_PROCESS = 1, RLIMIT_CORE = 4;

    /// <summary>All lines; those of one call stand together.</summary>
    internal static ImmutableArray<RegisterTest> All { get; } =
    [
        // An open that neither writes, creates nor truncates matters only where reads are judged.
        Line("open", Allow, Int(1, WriteIntent).Is(0)) with { Unless = FilterNeeds.Reads },
        Line("openat", Allow, Int(2, WriteIntent).Is(0)) with { Unless = FilterNeeds.Reads },

        // What the kernel does not know comes first; a flag that is newer than this table is as on an older kernel.
        Line("seccomp", Answer(Errno.EINVAL), Int(0).Is(SECCOMP_SET_MODE_FILTER), Int(1, SECCOMP_FILTER_FLAG_NEW_LISTENER).IsNot(0), Int(1, ~KnownFilterFlags).IsNot(0)),
        // A listener of the guest's own could answer CONTINUE, and the engine's RET_TRACE would never be delivered.
        Line("seccomp", Answer(Errno.EPERM), Int(0).Is(SECCOMP_SET_MODE_FILTER), Int(1, SECCOMP_FILTER_FLAG_NEW_LISTENER).IsNot(0)),
        // Before a filter of the guest's own is there, slots are mapped: it would see the calls that do it.
        Line("seccomp", Stop, Int(0).Is(SECCOMP_SET_MODE_FILTER)),
        Line("seccomp", Allow),

        // Not dumpable means not readable for a tracer that is not root: answered, not done. PR_SET_MM moves what /proc shows of a
        // process, its executable too; PR_SCHED_CORE reaches other processes.
        Line("prctl", Answer(Errno.None), Int(0).Is(PR_SET_DUMPABLE), Long(1).Is(0)),
        Line("prctl", Answer(Errno.EPERM), Int(0).Is(PR_SET_MM, PR_SCHED_CORE)),
        Line("prctl", Stop, Int(0).Is(PR_SET_SECCOMP), Long(1).Is(SECCOMP_MODE_FILTER)),
        // What a later execve makes of capabilities.
        Line("prctl", Stop, Int(0).Is(PR_CAPBSET_DROP, PR_SET_SECUREBITS)) with { Only = FilterNeeds.Credentials },
        Line("prctl", Allow),

        // The kernel takes clone's flags from the low word (kernel/fork.c, lower_32_bits). An untraced child would get ENOSYS at each stop.
        // Who shares root and working directory cannot have mounts or users of its own (copy_process): that comes first.
        Line("clone", Answer(Errno.EINVAL), Int(0, CLONE_NEWNS | CLONE_NEWUSER | CLONE_FS)
            .Is(CLONE_NEWNS | CLONE_FS, CLONE_NEWUSER | CLONE_FS, CLONE_NEWNS | CLONE_NEWUSER | CLONE_FS)),
        Line("clone", Answer(Errno.EPERM), Int(0, CLONE_UNTRACED | NewNamespaces).IsNot(0)),
        Line("clone", Allow),

        // Parting the caller's own tables is harmless; every other bit is a namespace, or one that this table does not know.
        Line("unshare", Allow, Long(0, ~(ulong)PartsOfTheCaller).Is(0)),
        Line("unshare", Refuse),

        // Asked whether something may be written, the answer is what an open would get.
        Line("access", Allow, Int(1, W_OK).Is(0)) with { Unless = FilterNeeds.Reads },
        Line("faccessat", Allow, Int(2, W_OK).Is(0)) with { Unless = FilterNeeds.Reads },
        Line("faccessat2", Allow, Int(2, W_OK).Is(0)) with { Unless = FilterNeeds.Reads },

        .. IoctlLines(),

        // Whom SIGIO and SIGURG go to, which signal it is instead, and that it is sent: on a terminal that makes the group in front its receiver.
        Line("fcntl", Stop, Int(1).Is(F_SETOWN, F_SETSIG, F_SETOWN_EX)),
        Line("fcntl", Stop, Int(1).Is(F_SETFL), Int(2, O_ASYNC).IsNot(0)),
        // What holds up or changes others by a descriptor that was opened for reading.
        Line("fcntl", Stop, Int(1).Is(F_SETLEASE, F_SETPIPE_SZ, F_SET_RW_HINT, F_SET_FILE_RW_HINT)),
        Line("fcntl", Allow),

        // Without network rules plain TCP and UDP pass, and the netlink that getaddrinfo asks. MPTCP, SCTP, raw and the rest never do unseen.
        Line("socket", Allow, Int(0).Is(AF_UNIX)),
        Line("socket", Allow, Int(0).Is(AF_INET, AF_INET6), Int(1, SOCK_TYPE_MASK).Is(SOCK_STREAM), Int(2).Is(0, IPPROTO_TCP)) with { Unless = FilterNeeds.Internet },
        Line("socket", Allow, Int(0).Is(AF_INET, AF_INET6), Int(1, SOCK_TYPE_MASK).Is(SOCK_DGRAM), Int(2).Is(0, IPPROTO_UDP)) with { Unless = FilterNeeds.Internet },
        Line("socket", Allow, Int(0).Is(AF_NETLINK), Int(2).Is(NETLINK_ROUTE)) with { Unless = FilterNeeds.Internet },
        Line("socket", Stop),

        // Without an address it goes where the socket is connected to, and that was judged.
        Line("sendto", Allow, Long(4).Is(0)),

        // Where rules tell addresses apart, no packet may go another way than its address says; what is not let through here, the row stops.
        Line("setsockopt", Allow, Int(1).IsNot(SocketOptions.SOL_IP, SocketOptions.SOL_SOCKET, SocketOptions.SOL_TCP, SocketOptions.SOL_IPV6)),
        Line("setsockopt", Allow, Int(1).Is(SocketOptions.SOL_SOCKET), Int(2).IsNot(SocketOptions.RefusedOn(SocketOptions.SOL_SOCKET))),
        Line("setsockopt", Allow, Int(1).Is(SocketOptions.SOL_TCP), Int(2).IsNot(SocketOptions.RefusedOn(SocketOptions.SOL_TCP))),
        Line("setsockopt", Allow, Int(1).Is(SocketOptions.SOL_IP), Int(2, ~63u).Is(0), Int(2).IsNot(SocketOptions.RefusedOn(SocketOptions.SOL_IP, below: 64))),
        Line("setsockopt", Allow, Int(1).Is(SocketOptions.SOL_IPV6), Int(2, ~63u).Is(0), Int(2).IsNot(SocketOptions.RefusedOn(SocketOptions.SOL_IPV6, below: 64))),
        Line("setsockopt", Allow, Int(1).Is(SocketOptions.SOL_IPV6), Int(2, ~15u).Is(64), Int(2).IsNot(SocketOptions.RefusedOn(SocketOptions.SOL_IPV6, from: 64))),

        // The kernel writes a core dump wherever the process stands.
        Line("setrlimit", Allow, Int(0).IsNot(RLIMIT_CORE)),
        Line("prlimit64", Stop, Int(1).Is(RLIMIT_CORE), Long(2).IsNot(0)) with { Only = FilterNeeds.CoreLimit },

        // 0 is a group of its own.
        Line("setpgid", Allow, Int(1).Is(0)),
        Line("setpgid", Stop),

        // 0 is the caller itself.
        Line("prlimit64", Allow, Int(0).Is(0)),
        Line("setpriority", Allow, Int(0).Is(PRIO_PROCESS), Int(1).Is(0)),
        Line("ioprio_set", Allow, Int(0).Is(IOPRIO_WHO_PROCESS), Int(1).Is(0)),
        Line("get_robust_list", Allow, Int(0).Is(0)),
        Line("sched_setparam", Allow, Int(0).Is(0)),
        Line("sched_setscheduler", Allow, Int(0).Is(0)),
        Line("sched_setattr", Allow, Int(0).Is(0)),
        Line("sched_setaffinity", Allow, Int(0).Is(0)) with { Unless = FilterNeeds.Affinity },
        Line("migrate_pages", Allow, Int(0).Is(0)),
        Line("move_pages", Allow, Int(0).Is(0)),
    ];

    private static RegisterTest Line(string call, TestOutcome then, params ImmutableArray<ArgTest> tests) => new(call, then, tests);
}
