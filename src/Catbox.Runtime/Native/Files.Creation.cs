using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <content>What a file of the host's own is made with, below a directory of ours: nothing is reached by a path that somebody could have changed.</content>
internal static unsafe partial class Files
{
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_TMPFILE = 0x400000 | O_DIRECTORY;
    public const uint STATX_MODE = 0x2;
    public const uint STATX_UID = 0x8;
    public const uint STATX_GID = 0x10;

    /// <summary><c>struct statx</c>, of a file that is to be replaced; 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct ownership_buf
    {
        [FieldOffset(20)]
        public uint stx_uid;
        [FieldOffset(24)]
        public uint stx_gid;
        [FieldOffset(28)]
        public ushort stx_mode;
    }

    /// <summary>openat(2) with a mode, for O_CREAT and O_TMPFILE.</summary>
    public static Errno Create(int dirFd, ReadOnlySpan<byte> path, int flags, uint mode, out int fd)
    {
        fixed (byte* p = path)
        {
            fd = (int)syscall(SYS_openat, dirFd, (nint)p, flags | O_CLOEXEC, (nint)mode);
        }

        return Answer(fd);
    }

    /// <summary>statx(2) of mode and owner; an empty path and AT_EMPTY_PATH for a descriptor of ours.</summary>
    public static Errno StatOwnership(int dirFd, ReadOnlySpan<byte> path, int flags, out ownership_buf buffer)
    {
        buffer = default;
        long result;
        fixed (byte* p = path)
        fixed (ownership_buf* b = &buffer)
        {
            result = syscall5(SYS_statx, dirFd, (nint)p, flags | AT_NO_AUTOMOUNT, (nint)(STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID), (nint)b);
        }

        return Answer(result);
    }

    /// <summary>The access mode and status flags of a descriptor of ours (F_GETFL).</summary>
    public static Errno StatusFlags(int fd, out int flags)
    {
        const int F_GETFL = 3;
        flags = (int)syscall(SYS_fcntl, fd, F_GETFL, 0, 0);
        return Answer(flags);
    }

    /// <summary>getcwd(2), whose text ends in NUL: ENOENT where the directory was removed, ENAMETOOLONG where it is deeper than PATH_MAX.</summary>
    public static Errno WorkingDirectory(Span<byte> text, out int length)
    {
        const long SYS_getcwd = 79;
        fixed (byte* t = text)
        {
            length = (int)syscall(SYS_getcwd, (nint)t, text.Length, 0, 0);
        }

        return Answer(length);
    }

    /// <summary>Back to a directory's first entry (lseek(2)).</summary>
    public static void Rewind(int fd)
    {
        const long SYS_lseek = 8;
        _ = syscall(SYS_lseek, fd, 0, 0, 0);
    }
}
