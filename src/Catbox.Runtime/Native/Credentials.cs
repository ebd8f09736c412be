using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// The credentials of the calling *thread*. The kernel keeps them per thread; the C library's setgroups and its kin change all threads of the process, so
/// these are the bare calls. See credentials(7), capabilities(7).
/// </summary>
internal static unsafe partial class Credentials
{
    public const int CLONE_FS = 0x200;
    public const int PR_GET_DUMPABLE = 3;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_GET_SECUREBITS = 27;
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    public const int RLIMIT_FSIZE = 1;
    public const int SIGXFSZ = 25;
    public const int PIDFD_THREAD = 0x80;

    public const long SYS_chdir = 80;
    public const long SYS_umask = 95;
    public const long SYS_setgroups = 116;
    public const long SYS_setfsuid = 122;
    public const long SYS_setfsgid = 123;
    public const long SYS_capset = 126;
    public const long SYS_prctl = 157;
    public const long SYS_tgkill = 234;
    public const long SYS_unshare = 272;
    public const long SYS_prlimit64 = 302;
    public const long SYS_pidfd_open = 434;
    public const long SYS_pidfd_getfd = 438;

    /// <summary><c>struct __user_cap_header_struct</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cap_header
    {
        public uint version;
        public int pid;
    }

    /// <summary><c>struct __user_cap_data_struct</c>: half of a set.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cap_data
    {
        public uint effective;
        public uint permitted;
        public uint inheritable;
    }

    /// <summary><c>struct rlimit64</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit64
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    /// <summary>Gives this thread a working directory, root and umask of its own (unshare(2) with CLONE_FS, no privilege needed).</summary>
    public static Errno PartFileSystemState() => Answer(syscall(SYS_unshare, CLONE_FS, 0, 0, 0));

    /// <summary>chdir(2) of this thread, where <see cref="PartFileSystemState"/> parted it; the path ends in NUL.</summary>
    public static Errno ChangeDirectory(ReadOnlySpan<byte> path)
    {
        fixed (byte* p = path)
        {
            return Answer(syscall(SYS_chdir, (nint)p, 0, 0, 0));
        }
    }

    /// <summary>umask(2): sets and gives the former one.</summary>
    public static uint SetUmask(uint mask) => (uint)syscall(SYS_umask, (nint)mask, 0, 0, 0);

    /// <summary>setfsuid(2). It tells no error, so it is asked again what it is now.</summary>
    public static bool SetFileUser(uint user)
    {
        _ = syscall(SYS_setfsuid, (nint)user, 0, 0, 0);
        return (uint)syscall(SYS_setfsuid, -1, 0, 0, 0) == user;
    }

    /// <summary>setfsgid(2), likewise.</summary>
    public static bool SetFileGroup(uint group)
    {
        _ = syscall(SYS_setfsgid, (nint)group, 0, 0, 0);
        return (uint)syscall(SYS_setfsgid, -1, 0, 0, 0) == group;
    }

    /// <summary>setgroups(2) of this thread alone.</summary>
    public static Errno SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* g = groups)
        {
            return Answer(syscall(SYS_setgroups, groups.Length, (nint)g, 0, 0));
        }
    }

    /// <summary>capset(2): the effective set, the two others as they are.</summary>
    public static Errno SetCapabilities(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = new cap_header { version = _LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc cap_data[2];
        data[0] = new cap_data { effective = (uint)effective, permitted = (uint)permitted, inheritable = (uint)inheritable };
        data[1] = new cap_data { effective = (uint)(effective >> 32), permitted = (uint)(permitted >> 32), inheritable = (uint)(inheritable >> 32) };
        return Answer(syscall(SYS_capset, (nint)(&header), (nint)data, 0, 0));
    }

    /// <summary>prctl(PR_GET_DUMPABLE): of the whole process.</summary>
    public static int Dumpable => (int)syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0);

    /// <summary>prctl(PR_GET_SECUREBITS): of this thread.</summary>
    public static int SecureBits => (int)syscall(SYS_prctl, PR_GET_SECUREBITS, 0, 0, 0);

    /// <summary>prctl(PR_SET_DUMPABLE).</summary>
    public static void SetDumpable(int value) => _ = syscall(SYS_prctl, PR_SET_DUMPABLE, value, 0, 0);

    /// <summary>RLIMIT_FSIZE of a process (0: ours): the soft limit in bytes, <see cref="ulong.MaxValue"/> for none. See prlimit(2).</summary>
    public static Errno FileSizeLimit(int pid, out ulong limit)
    {
        rlimit64 limits = default;
        var result = syscall(SYS_prlimit64, pid, RLIMIT_FSIZE, 0, (nint)(&limits));
        limit = limits.rlim_cur;
        return Answer(result);
    }

    /// <summary>tgkill(2) of SIGXFSZ: what the kernel sends to a thread whose file would grow beyond its limit.</summary>
    public static void SignalFileSize(int pid, int tid) => _ = syscall(SYS_tgkill, pid, tid, SIGXFSZ, 0);

    /// <summary>
    /// A copy of a thread's descriptor, for the same open file (pidfd_getfd(2), kernel 5.6): it shares offset, flags and rights with it. Closing it gives up
    /// POSIX locks that *we* hold on the file.
    /// </summary>
    /// <remarks>
    /// A thread that is not the leader may have a table of its own. PIDFD_THREAD (6.9) names it; before that only the leader's can be asked, and what that has under the number must
    /// be what the thread has: else EPERM.
    /// </remarks>
    public static Errno CopyDescriptor(int pid, int tid, int fd, out int copy)
    {
        copy = -1;
        var pidfd = (int)syscall(SYS_pidfd_open, tid, tid == pid ? 0 : PIDFD_THREAD, 0, 0);
        var isLeaders = pidfd < 0 && tid != pid;
        pidfd = isLeaders ? (int)syscall(SYS_pidfd_open, pid, 0, 0, 0) : pidfd;
        if (pidfd < 0)
        {
            return Answer(pidfd);
        }

        copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0, 0);
        var error = Answer(copy);
        Io.Close(pidfd);
        if (isLeaders && !IsThreads(tid, fd, copy))
        {
            Io.Close(copy);
            copy = -1;
            return Errno.EPERM;
        }

        return error;
    }

    /// <summary>Whether a copy of its leader's descriptor is of the object that a thread has under that number; with no copy, whether it has none there either.</summary>
    private static bool IsThreads(int tid, int fd, int copy)
    {
        Span<byte> link = stackalloc byte[ProcPath.Size];
        var found = Files.Stat(Files.AT_FDCWD, ProcPath.WriteDescriptor(link, tid, fd), Files.AT_STATX_DONT_SYNC, out var thread);
        return copy < 0
            ? found == Errno.ENOENT
            : found.IsSuccess && Files.Stat(copy, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out var leader).IsSuccess
                && thread.stx_ino == leader.stx_ino && thread.Device == leader.Device;
    }

    private static Errno Answer(long result) => result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint a, nint b, nint c, nint d);
}
