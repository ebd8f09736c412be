using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>Descriptors: memfd, pipes, reads and writes at a place.</summary>
internal static partial class Io
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_TRUNC = 0x200;
    public const int O_CLOEXEC = 0x80000;
    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_EXEC = 0x10;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int memfd_create(byte* name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int pipe2(int* fds, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread(int fd, byte* buf, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwrite(int fd, byte* buf, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int fd, byte* buf, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int cmd, int arg);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int access(byte* path, int mode);

    private static Errno Last => new(Marshal.GetLastPInvokeError());

    /// <summary>A new memfd that can be executed. MFD_EXEC is not known before Linux 6.3, where it is the default.</summary>
    public static unsafe Errno CreateExecutableMemFd(ReadOnlySpan<byte> name, out int fd)
    {
        fixed (byte* at = name)
        {
            fd = memfd_create(at, MFD_CLOEXEC | MFD_EXEC);
            if (fd < 0 && Marshal.GetLastPInvokeError() == 22)
            {
                fd = memfd_create(at, MFD_CLOEXEC);
            }
        }

        return fd < 0 ? Last : Errno.None;
    }

    public static unsafe Errno Pipe(out int readEnd, out int writeEnd)
    {
        var fds = stackalloc int[2];
        var result = pipe2(fds, O_CLOEXEC);
        readEnd = fds[0];
        writeEnd = fds[1];
        return result < 0 ? Last : Errno.None;
    }

    /// <summary>Opens a path given as NUL-terminated bytes.</summary>
    public static unsafe Errno Open(ReadOnlySpan<byte> path, int flags, uint mode, out int fd)
    {
        fixed (byte* at = path)
        {
            fd = open(at, flags | O_CLOEXEC, mode);
        }

        return fd < 0 ? Last : Errno.None;
    }

    public static unsafe Errno ReadAt(int fd, Span<byte> into, long offset, out int count)
    {
        fixed (byte* at = into)
        {
            var result = pread(fd, at, into.Length, offset);
            count = (int)Math.Max(0, result);
            return result < 0 ? Last : Errno.None;
        }
    }

    /// <summary>Writes all of it, or fails (EIO where only a part went).</summary>
    public static unsafe Errno WriteAt(int fd, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* at = bytes)
        {
            var result = pwrite(fd, at, bytes.Length, offset);
            return result == bytes.Length ? Errno.None : result < 0 ? Last : Errno.EIO;
        }
    }

    public static unsafe Errno Read(int fd, Span<byte> into, out int count)
    {
        fixed (byte* at = into)
        {
            var result = read(fd, at, into.Length);
            count = (int)Math.Max(0, result);
            return result < 0 ? Last : Errno.None;
        }
    }

    /// <summary>close(2); nothing for -1. Linux closes the descriptor whatever it answers, so there is nothing to tell.</summary>
    public static void Close(int fd)
    {
        if (fd >= 0)
        {
            _ = close(fd);
        }
    }

    /// <summary>A copy of a descriptor at 10 or above, close-on-exec: out of the way of the streams that a launch arranges.</summary>
    public static Errno DuplicateHigh(int fd, out int copy)
    {
        copy = fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 10);
        return copy < 0 ? Last : Errno.None;
    }

    /// <summary>Whether a descriptor of ours is open and stays so in what is executed.</summary>
    public static bool IsInherited(int fd) => fcntl(fd, 1 /* F_GETFD */, 0) is >= 0 and var flags && (flags & 1 /* FD_CLOEXEC */) == 0;

    /// <summary>access(2): F_OK 0, X_OK 1, R_OK 4; the path is NUL-terminated.</summary>
    public static unsafe Errno Access(ReadOnlySpan<byte> path, int mode)
    {
        fixed (byte* at = path)
        {
            return access(at, mode) < 0 ? Last : Errno.None;
        }
    }
}
