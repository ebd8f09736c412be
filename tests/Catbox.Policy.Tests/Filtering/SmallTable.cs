using System.Collections.Immutable;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>A table with every disposition, gaps, and all calls that registers decide, in rows where each line makes a difference.</summary>
internal static class SmallTable
{
    internal static readonly SyscallTable Instance = new("x86_64", FilterOracle.X64,
    [
        Row(0, "read", Disposition.Pass),
        Row(1, "write", Disposition.Pass),
        Row(2, "open", Disposition.Judge, FilterNeeds.Writes | FilterNeeds.Reads, tested: true),
        Row(3, "close", Disposition.Pass),
        Row(4, "stat", Disposition.Judge, FilterNeeds.Reads),
        Row(16, "ioctl", Disposition.Pass, FilterNeeds.Writes, 1, true),
        Row(21, "access", Disposition.Judge, FilterNeeds.Writes | FilterNeeds.Reads, tested: true),
        Row(41, "socket", Disposition.Judge, FilterNeeds.Internet, tested: true),
        Row(42, "connect", Disposition.Judge, FilterNeeds.Internet | FilterNeeds.UnixSockets),
        Row(44, "sendto", Disposition.Judge, FilterNeeds.Internet | FilterNeeds.UnixSockets, tested: true),
        Row(54, "setsockopt", Disposition.Judge, FilterNeeds.Internet, tested: true),
        Row(56, "clone", Disposition.Judge, FilterNeeds.Refusals, 1, true),
        Row(59, "execve", Disposition.Judge, FilterNeeds.Executions),
        Row(62, "kill", Disposition.Judge, FilterNeeds.Processes),
        Row(72, "fcntl", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(85, "creat", Disposition.Judge, FilterNeeds.Writes),
        Row(101, "ptrace", Disposition.Refuse, FilterNeeds.None, 1),
        Row(102, "getuid", Disposition.Fake, FilterNeeds.Identity),
        Row(109, "setpgid", Disposition.Pass, FilterNeeds.Processes, tested: true),
        Row(141, "setpriority", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(142, "sched_setparam", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(144, "sched_setscheduler", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(157, "prctl", Disposition.Judge, FilterNeeds.Writes, tested: true),
        Row(160, "setrlimit", Disposition.Judge, FilterNeeds.CoreLimit, tested: true),
        Row(165, "mount", Disposition.Refuse, FilterNeeds.Refusals, 1),
        Row(203, "sched_setaffinity", Disposition.Judge, FilterNeeds.Affinity | FilterNeeds.Processes),
        Row(204, "sched_getaffinity", Disposition.Judge, FilterNeeds.Affinity),
        Row(251, "ioprio_set", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(256, "migrate_pages", Disposition.Refuse, FilterNeeds.None, 1),
        Row(257, "openat", Disposition.Judge, FilterNeeds.Writes | FilterNeeds.Reads, tested: true),
        Row(269, "faccessat", Disposition.Judge, FilterNeeds.Writes | FilterNeeds.Reads, tested: true),
        Row(272, "unshare", Disposition.Pass, FilterNeeds.Refusals, 1, true),
        Row(274, "get_robust_list", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(279, "move_pages", Disposition.Refuse, FilterNeeds.None, 1),
        Row(302, "prlimit64", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(314, "sched_setattr", Disposition.Judge, FilterNeeds.Processes, tested: true),
        Row(317, "seccomp", Disposition.Judge, FilterNeeds.Writes, tested: true),
        Row(425, "io_uring_setup", Disposition.Refuse, FilterNeeds.None, 38),
        Row(435, "clone3", Disposition.Refuse, FilterNeeds.None, 38),
        Row(439, "faccessat2", Disposition.Judge, FilterNeeds.Writes | FilterNeeds.Reads, tested: true),
        Row(469, "file_setattr", Disposition.Judge, FilterNeeds.Writes),
    ]);

    internal static SyscallRow Row(
        int number, string name, Disposition disposition, FilterNeeds needs = FilterNeeds.None, int errno = 0, bool tested = false) =>
        new(number, name, disposition, RequestShape.None, ImmutableArray<ArgKind>.Empty, needs,
            tested ? SyscallTraits.RegisterTest : SyscallTraits.None, new Errno(errno), "");
}
