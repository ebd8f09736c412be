using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// The calls that look at files without changing them, by raw bytes. Paths end in NUL. Nothing here allocates or throws.
/// Constants and layouts: include/uapi/linux/{fcntl,openat2,stat,magic}.h.
/// </summary>
internal static unsafe partial class Files
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_NO_AUTOMOUNT = 0x800;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int AT_STATX_DONT_SYNC = 0x4000;
    public const int O_WRONLY = 0x1;
    public const int O_NONBLOCK = 0x800;
    public const int O_DIRECTORY = 0x10000;
    public const int O_NOFOLLOW = 0x20000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const ulong RESOLVE_CACHED = 0x20;
    public const uint STATX_TYPE = 0x1;
    public const uint STATX_NLINK = 0x4;
    public const uint STATX_INO = 0x100;
    public const uint STATX_SIZE = 0x200;
    public const uint STATX_MNT_ID = 0x1000;
    public const long PROC_SUPER_MAGIC = 0x9fa0;

    // ipc/mqueue.c
    private const long MQUEUE_MAGIC = 0x19800202;

    public const long SYS_readlinkat = 267;
    public const long SYS_openat = 257;
    public const long SYS_fcntl = 72;
    public const long SYS_fstatfs = 138;
    public const long SYS_statx = 332;
    public const long SYS_close_range = 436;
    public const long SYS_openat2 = 437;

    /// <summary><c>struct open_how</c> of openat2(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct open_how
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }

    /// <summary><c>struct statx</c>, the fields that are read; 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct statx_buf
    {
        [FieldOffset(0)]
        public uint stx_mask;
        [FieldOffset(16)]
        public uint stx_nlink;
        [FieldOffset(28)]
        public ushort stx_mode;
        [FieldOffset(32)]
        public ulong stx_ino;
        [FieldOffset(40)]
        public ulong stx_size;
        [FieldOffset(128)]
        public uint stx_rdev_major;
        [FieldOffset(136)]
        public uint stx_dev_major;
        [FieldOffset(140)]
        public uint stx_dev_minor;
        [FieldOffset(144)]
        public ulong stx_mnt_id;

        /// <summary>The device as <c>st_dev</c> has it (makedev(3)).</summary>
        public readonly ulong Device => ((ulong)(stx_dev_major & 0xfffff000) << 32) | ((ulong)(stx_dev_major & 0xfff) << 8)
            | ((ulong)(stx_dev_minor & 0xffffff00) << 12) | (stx_dev_minor & 0xff);
    }

    /// <summary>openat(2).</summary>
    /// <param name="dirFd">A descriptor of ours or <see cref="AT_FDCWD"/>.</param>
    /// <param name="path">Ends in NUL.</param>
    /// <param name="flags">O_*.</param>
    /// <param name="fd">The new descriptor, -1 on an error.</param>
    public static Errno Open(int dirFd, ReadOnlySpan<byte> path, int flags, out int fd)
    {
        fixed (byte* p = path)
        {
            fd = (int)syscall(SYS_openat, dirFd, (nint)p, flags, 0);
        }

        return Answer(fd);
    }

    /// <summary>openat2(2) with RESOLVE_* in <paramref name="resolve"/>. Kernel 5.6.</summary>
    public static Errno Open2(int dirFd, ReadOnlySpan<byte> path, int flags, ulong resolve, out int fd)
    {
        var how = new open_how { flags = (ulong)flags, resolve = resolve };
        fixed (byte* p = path)
        {
            fd = (int)syscall(SYS_openat2, dirFd, (nint)p, (nint)(&how), sizeof(open_how));
        }

        return Answer(fd);
    }

    /// <summary>readlinkat(2). A text that fills <paramref name="text"/> may have been cut.</summary>
    /// <returns>EINVAL where the path is not a link.</returns>
    public static Errno ReadLink(int dirFd, ReadOnlySpan<byte> path, Span<byte> text, out int length)
    {
        fixed (byte* p = path, t = text)
        {
            length = (int)syscall(SYS_readlinkat, dirFd, (nint)p, (nint)t, text.Length);
        }

        return Answer(length);
    }

    /// <summary>statx(2) of type, inode, device, link count, size and mount; an empty path and AT_EMPTY_PATH for a descriptor of ours. Kernel 4.11.</summary>
    public static Errno Stat(int dirFd, ReadOnlySpan<byte> path, int flags, out statx_buf buffer)
    {
        buffer = default;
        long result;
        fixed (byte* p = path)
        fixed (statx_buf* b = &buffer)
        {
            const uint mask = STATX_TYPE | STATX_NLINK | STATX_INO | STATX_SIZE | STATX_MNT_ID;
            result = syscall5(SYS_statx, dirFd, (nint)p, flags | AT_NO_AUTOMOUNT, (nint)mask, (nint)b);
        }

        return Answer(result);
    }

    /// <summary>Whether a descriptor of ours lies on the file system of message queues (fstatfs(2)).</summary>
    public static bool IsOnQueues(int fd)
    {
        var buffer = stackalloc long[16];
        return syscall(SYS_fstatfs, fd, (nint)buffer, 0, 0) == 0 && buffer[0] == MQUEUE_MAGIC;
    }

    /// <summary>Whether a descriptor of ours lies on a procfs (fstatfs(2)).</summary>
    public static Errno IsOnProcFs(int fd, out bool isProcFs)
    {
        // struct statfs: f_type is the first word; 120 bytes on x86-64.
        var buffer = stackalloc long[16];
        var result = syscall(SYS_fstatfs, fd, (nint)buffer, 0, 0);
        isProcFs = result == 0 && buffer[0] == PROC_SUPER_MAGIC;
        return Answer(result);
    }

    /// <summary>Device and inode of one of our own descriptors, and whether it was opened for writing.</summary>
    public static Errno StatDescriptor(int fd, out ulong device, out ulong inode, out bool writable)
    {
        const int F_GETFL = 3;
        const int O_ACCMODE = 3;
        var error = Stat(fd, "\0"u8, AT_EMPTY_PATH, out var buffer);
        device = buffer.Device;
        inode = buffer.stx_ino;
        var flags = syscall(SYS_fcntl, fd, F_GETFL, 0, 0);
        writable = flags >= 0 && (flags & O_ACCMODE) != 0;
        return error;
    }

    /// <summary>Whether reads and writes by one of our own descriptors wait (O_NONBLOCK is of the open file, and so of all its copies).</summary>
    public static bool IsBlocking(int fd) => syscall(SYS_fcntl, fd, 3 /* F_GETFL */, 0, 0) is >= 0 and var flags && (flags & O_NONBLOCK) == 0;

    /// <summary>getdents64(2): the next entries of a directory that was opened for reading, as <c>struct linux_dirent64</c>; none at its end.</summary>
    public static Errno ReadEntries(int fd, Span<byte> entries, out int length)
    {
        const long SYS_getdents64 = 217;
        fixed (byte* e = entries)
        {
            length = (int)syscall(SYS_getdents64, fd, (nint)e, entries.Length, 0);
        }

        var error = Answer(length);
        length = Math.Max(length, 0);
        return error;
    }

    /// <summary>Closes two descriptors of ours, by one close_range(2) where they are neighbours (they mostly are).</summary>
    public static void ClosePair(int first, int second)
    {
        if (second == first + 1 && syscall(SYS_close_range, first, second, 0, 0) == 0)
        {
            return;
        }

        Io.Close(first);
        Io.Close(second);
    }

    private static Errno Answer(long result) => result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall5(long number, nint a, nint b, nint c, nint d, nint e);
}
