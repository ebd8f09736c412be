using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>A look at a socket of a stopped guest through a copy of its descriptor: pidfd_open(2), pidfd_getfd(2), getsockname(2).</summary>
internal static partial class Sockets
{
    private const int SYS_pidfd_open = 434;
    private const int SYS_pidfd_getfd = 438;
    private const int AF_INET = 2;
    private const int AF_INET6 = 10;
    private const int ENOTSOCK = 88;
    private const int EBADF = 9;

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint a, nint b, nint c);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockname(int fd, byte* address, int* length);

    /// <summary>
    /// The family that listen(2) would bind by itself: AF_INET or AF_INET6 of an internet socket without a port; 0 where it binds nothing, -1 where
    /// that cannot be told.
    /// </summary>
    public static unsafe int FamilyBoundByListen(int pid, int fd)
    {
        var pidfd = (int)syscall(SYS_pidfd_open, pid, 0, 0);
        if (pidfd < 0)
        {
            return -1;
        }

        var copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
        var error = Marshal.GetLastPInvokeError();
        Io.Close(pidfd);
        if (copy < 0)
        {
            return error == EBADF ? 0 : -1;
        }

        var address = stackalloc byte[128];
        var length = 128;
        var failed = getsockname(copy, address, &length) < 0;
        error = Marshal.GetLastPInvokeError();
        Io.Close(copy);
        if (failed)
        {
            return error == ENOTSOCK ? 0 : -1;
        }

        var family = *(ushort*)address;
        var hasPort = address[2] != 0 || address[3] != 0;
        return family is AF_INET or AF_INET6 && !hasPort ? family : 0;
    }
}
