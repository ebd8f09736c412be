using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using static Catbox.Policy.Judging.KernelChecks;

namespace Catbox.Policy.Judging;

// Calls on mounts and on the machine, which no policy allows: fs/namespace.c, fs/fsopen.c, mm/swapfile.c, kernel/sys.c, kernel/time, kernel/reboot.c, kernel/bpf.
internal static partial class KernelOrders
{
    // include/uapi/linux/capability.h
    private const int CAP_DAC_READ_SEARCH = 2, CAP_NET_RAW = 13, CAP_SYS_MODULE = 16, CAP_SYS_CHROOT = 18, CAP_SYS_PACCT = 20, CAP_SYS_ADMIN = 21;
    private const int CAP_SYS_BOOT = 22, CAP_SYS_NICE = 23, CAP_SYS_TIME = 25, CAP_MKNOD = 27;

    private const ulong CLONE_NEWUSER = 0x10000000;

    /// <summary>What unshare knows (check_unshare_flags, kernel/fork.c): its parts of the caller, and every namespace.</summary>
    private const ulong Unshares = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x20000 | 0x02000000 | 0x04000000 | 0x08000000 | CLONE_NEWUSER
        | 0x20000000 | 0x40000000 | 0x80;

    // Methods, as all that the table is made of: fields of another file may not be there yet when it is made.
    private static byte[][] Namespaces() =>
    [
        "anon_inode:[pidfd]"u8.ToArray(), "pidfd:"u8.ToArray(), "mnt:["u8.ToArray(), "net:["u8.ToArray(), "pid:["u8.ToArray(), "uts:["u8.ToArray(), "ipc:["u8.ToArray(),
        "user:["u8.ToArray(), "cgroup:["u8.ToArray(), "time:["u8.ToArray(),
    ];

    private static byte[][] FileSystemContext() => ["anon_inode:[fscontext]"u8.ToArray()];

    private static IEnumerable<(string Name, KernelOrder Order)> Mounts() =>
    [
        Of("mount", Text(2, mayBeNull: true), Text(0, mayBeNull: true), Memory(4, 1, mayBeNull: true), Path(1), Capability(CAP_SYS_ADMIN)),
        Of("umount2", Known(1, 0xF), Path(0), Capability(CAP_SYS_ADMIN), Unless(static a => (a[1] & 4) == 0 || (a[1] & 3) == 0, Errno.EINVAL)),
        Of("chroot", Path(0, FileKind.Directory, Errno.ENOTDIR), Capability(CAP_SYS_CHROOT)),
        Of("pivot_root", Capability(CAP_SYS_ADMIN), Path(0, FileKind.Directory, Errno.ENOTDIR), Path(1, FileKind.Directory, Errno.ENOTDIR)),
        Of("open_tree", OpenTree()),
        Of("open_tree_attr", OpenTree()),
        Of("move_mount", Capability(CAP_SYS_ADMIN), Known(4, 0x377), Path(1), Path(3)),
        Of("fsopen", Capability(CAP_SYS_ADMIN), Known(1, 1), Text(0)),
        Of("fsmount", Capability(CAP_SYS_ADMIN), Known(1, 1), Known(2, 0x2000FF), Anonymous(0, FileSystemContext(), Errno.EINVAL)),
        Of("fspick", Capability(CAP_SYS_ADMIN), Known(2, 0xF), Path(1)),
        Of("fsconfig", Unless(static a => KernelBits.Int(a[0]) >= 0, Errno.EINVAL), static (in call) => OfConfiguration(in call), Anonymous(0, FileSystemContext(), Errno.EINVAL)),
        Of("mount_setattr",
            Known(2, 0x9900), Unless(static a => a[4] <= 4096, Errno.E2BIG), Unless(static a => a[4] >= 32, Errno.EINVAL), Capability(CAP_SYS_ADMIN), MemoryOf(3, 4, 4096), Path(1)),
        Of("setns", Anonymous(0, Namespaces(), Errno.EINVAL), Capability(CAP_SYS_ADMIN)),
        Of("unshare", Unless(static a => (a[0] & ~Unshares) == 0, Errno.EINVAL), Capability(CAP_SYS_ADMIN, static a => (a[0] & CLONE_NEWUSER) == 0)),
        Of("open_by_handle_at",
            Memory(1, 8),
            static (in call) => IntAt(in call, 1, 0) is > 0 and <= 128 ? Errno.None : Errno.EINVAL,
            static (in call) => call.Int(0) is KernelBits.AT_FDCWD or < -10000 ? Errno.None : Open(in call, 0),
            Capability(CAP_DAC_READ_SEARCH, static a => KernelBits.Int(a[0]) >= KernelBits.AT_FDCWD)),
    ];

    private static IEnumerable<(string Name, KernelOrder Order)> Machine() =>
    [
        Of("swapon", Known(1, 0x7FFFF), Capability(CAP_SYS_ADMIN), File(0)),
        Of("swapoff", Capability(CAP_SYS_ADMIN), File(0)),
        Of("acct", Built, Capability(CAP_SYS_PACCT), static (in call) => call.Register(0) == 0 ? Errno.None : s_file(in call)),
        Of("quotactl", Built, Unless(static a => (a[0] & 0xFF) < 3, Errno.EINVAL), static (in call) => call.Register(1) == 0 ? Errno.None : s_blockDevice(in call)),
        Of("quotactl_fd", Built, Descriptor(0), Unless(static a => (a[1] & 0xFF) < 3, Errno.EINVAL)),
        Of("sethostname", Capability(CAP_SYS_ADMIN), Unless(static a => (uint)KernelBits.Int(a[1]) <= 64, Errno.EINVAL), MemoryOf(0, 1, 64)),
        Of("setdomainname", Capability(CAP_SYS_ADMIN), Unless(static a => (uint)KernelBits.Int(a[1]) <= 64, Errno.EINVAL), MemoryOf(0, 1, 64)),
        Of("settimeofday",
            Memory(0, 16, mayBeNull: true),
            static (in call) => call.Register(0) == 0 || LongAt(in call, 0, 8) is >= 0 and <= 1_000_000 ? Errno.None : Errno.EINVAL,
            Memory(1, 8, mayBeNull: true),
            static (in call) => call.Register(0) == 0 || (LongAt(in call, 0, 0) >= 0 && LongAt(in call, 0, 8) < 1_000_000) ? Errno.None : Errno.EINVAL,
            Capability(CAP_SYS_TIME)),
        Of("clock_settime",
            static (in call) => OfClock(call.Int(0)),
            Memory(1, 16),
            static (in call) => LongAt(in call, 1, 0) >= 0 && LongAt(in call, 1, 8) is >= 0 and < 1_000_000_000 ? Errno.None : Errno.EINVAL,
            Capability(CAP_SYS_TIME)),
        Of("adjtimex", Memory(0, 208), static (in call) => OfAdjustment(in call, 0)),
        Of("clock_adjtime",
            Memory(1, 208),
            static (in call) => call.Int(0) switch
            {
                0 or (>= 16 and < 24) => Errno.None,
                // A dynamic clock is a descriptor, with 3 in its lowest three bits.
                < 0 => (call.Int(0) & 7) == 3 ? Errno.None : Errno.EOPNOTSUPP,
                <= 9 or 11 => Errno.EOPNOTSUPP,
                _ => Errno.EINVAL,
            },
            static (in call) => OfAdjustment(in call, 1)),
        Of("reboot",
            Capability(CAP_SYS_BOOT),
            Unless(static a => (uint)a[0] == 0xFEE1DEAD && (uint)a[1] is 672274793 or 85072278 or 369367448 or 537993216, Errno.EINVAL),
            Unless(static a => (uint)a[2] is 0 or 0x01234567 or 0xCDEF0123 or 0x89ABCDEF or 0x4321FEDC or 0xA1B2C3D4 or 0xD000FCE2 or 0x45584543, Errno.EINVAL)),
        Of("init_module", Built, Capability(CAP_SYS_MODULE), Unless(static a => a[1] >= 64, Errno.ENOEXEC), Memory(0, 64)),
        Of("finit_module", Built, Capability(CAP_SYS_MODULE), Known(2, 7), Descriptor(0)),
        Of("delete_module", Built, Capability(CAP_SYS_MODULE), Text(0)),
        Of("kexec_load", Built, Capability(CAP_SYS_BOOT), Unless(static a => a[1] <= 16, Errno.EINVAL), static (in call) => Readable(in call, 2, (int)call.Register(1) * 32, mayBeNull: false)),
        Of("kexec_file_load", Built, Capability(CAP_SYS_BOOT), Known(4, 0x1F)),
        Of("bpf",
            Built,
            Unless(static a => (uint)KernelBits.Int(a[2]) <= 4096, Errno.E2BIG),
            MemoryOf(1, 2, 4096),
            Unless(static a => (uint)KernelBits.Int(a[0]) <= LastBpfCommand, Errno.EINVAL)),
    ];

    /// <summary>BPF_PROG_STREAM_READ_BY_FD, the last command of Linux 6.18.</summary>
    private const uint LastBpfCommand = 37;

    private static readonly KernelCheck s_file = File(0);
    private static readonly KernelCheck s_blockDevice = Path(1, FileKind.BlockDevice, Errno.ENOTBLK);

    // AT_EMPTY_PATH, AT_NO_AUTOMOUNT, AT_RECURSIVE, AT_SYMLINK_NOFOLLOW, OPEN_TREE_CLOEXEC, OPEN_TREE_CLONE.
    private static System.Collections.Immutable.ImmutableArray<KernelCheck> OpenTree() =>
    [
        Known(2, 0x1000 | 0x800 | 0x8000 | 0x100 | 0x80000 | 1),
        Unless(static a => (a[2] & 0x8001) != 0x8000, Errno.EINVAL),
        Capability(CAP_SYS_ADMIN, static a => (a[2] & 1) != 0),
        Path(1),
    ];

    /// <summary>SYSCALL_DEFINE5(fsconfig, fs/fsopen.c): which arguments a command has.</summary>
    private static Errno OfConfiguration(in CallFacts call)
    {
        var (key, value, aux) = (call.Register(2) != 0, call.Register(3) != 0, call.Int(4));
        var isRight = call.Int(1) switch
        {
            0 => key && !value && aux == 0,
            1 => key && value && aux == 0,
            2 => key && value && aux is > 0 and <= 1024 * 1024,
            3 or 4 => key && value && aux is KernelBits.AT_FDCWD or >= 0,
            5 => key && !value && aux >= 0,
            6 or 7 or 8 => !key && !value && aux == 0,
            _ => (bool?)null,
        };
        return isRight switch
        {
            null => Errno.EOPNOTSUPP,
            false => Errno.EINVAL,
            true => Errno.None,
        };
    }

    /// <summary>Which clocks can be set (clockid_to_kclock, kernel/time/posix-timers.c).</summary>
    private static Errno OfClock(int clock) => clock switch
    {
        0 or (>= 16 and < 24) => Errno.None,
        >= 0 => Errno.EINVAL,
        _ => (clock & 7) == 3 ? Errno.None : (clock & 3) == 3 ? Errno.EINVAL : Errno.EPERM,
    };

    /// <summary>timekeeping_validate_timex: everybody may read the clock, and who sets it needs the capability.</summary>
    private static Errno OfAdjustment(in CallFacts call, int index) =>
        IntAt(in call, index, 0) == 0 || call.Tree.Kernel.HasCapability(CAP_SYS_TIME) ? Errno.None : Errno.EPERM;
}
