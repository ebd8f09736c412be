using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>A look at a socket of a stopped guest through a copy of its descriptor: getsockname(2), getsockopt(2).</summary>
internal static partial class Sockets
{
    private const int AF_INET = 2;
    private const int AF_INET6 = 10;
    private const int ENOTSOCK = 88;
    private const int ENFILE = 23, EMFILE = 24, ENOMEM = 12, ENOBUFS = 105;
    private const int SOL_SOCKET = 1, SO_TYPE = 3, SO_DOMAIN = 39;
    private const int SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockname(int fd, byte* address, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockopt(int fd, int level, int option, void* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    /// <summary>Whether one of our own descriptors is a stream socket (unix, TCP, MPTCP) on which one direction has no time limit.</summary>
    public static unsafe bool IsStreamWithoutLimit(int fd, bool receives)
    {
        const int SO_RCVTIMEO = 20, SO_SNDTIMEO = 21;
        const int SOCK_STREAM = 1, AF_UNIX = 1;
        var limit = stackalloc long[2];
        return Get(SO_TYPE) == SOCK_STREAM && Get(SO_DOMAIN) is AF_UNIX or AF_INET or AF_INET6
            && Read(receives ? SO_RCVTIMEO : SO_SNDTIMEO, limit, 2 * sizeof(long)) && limit[0] == 0 && limit[1] == 0;

        int Get(int option)
        {
            int value;
            return Read(option, &value, sizeof(int)) ? value : -1;
        }

        bool Read(int option, void* value, int length) => getsockopt(fd, SOL_SOCKET, option, value, &length) == 0;
    }

    /// <summary>
    /// The family that listen(2) would bind by itself: AF_INET or AF_INET6 of an internet socket without a port; 0 where it binds nothing, -1 where
    /// that cannot be told.
    /// </summary>
    public static unsafe int FamilyBoundByListen(int pid, int tid, int fd)
    {
        var copied = Credentials.CopyDescriptor(pid, tid, fd, out var copy);
        if (!copied.IsSuccess)
        {
            return copied == Errno.EBADF ? 0 : -1;
        }

        var address = stackalloc byte[128];
        var length = 128;
        var failed = getsockname(copy, address, &length) < 0;
        var error = Marshal.GetLastPInvokeError();
        var type = Option(copy, SO_TYPE);
        Io.Close(copy);
        if (failed)
        {
            return error == ENOTSOCK ? 0 : -1;
        }

        // Nobody listens on datagrams (EOPNOTSUPP, before anything is bound).
        var family = *(ushort*)address;
        var hasPort = address[2] != 0 || address[3] != 0;
        return family is AF_INET or AF_INET6 && !hasPort && type is not (SOCK_DGRAM or SOCK_RAW) ? family : 0;
    }

    /// <summary>The family and type of a socket; -1 for both where that cannot be told.</summary>
    public static (int Family, int Type) Look(int pid, int tid, int fd)
    {
        if (!Credentials.CopyDescriptor(pid, tid, fd, out var copy).IsSuccess)
        {
            return (-1, -1);
        }

        var kind = (Option(copy, SO_DOMAIN), Option(copy, SO_TYPE));
        Io.Close(copy);
        return kind;
    }

    /// <summary>Makes a socket and closes it.</summary>
    /// <returns>The error of the making; none also for our own want of descriptors or memory.</returns>
    public static Errno Try(int family, int type, int protocol)
    {
        var fd = socket(family, type | SOCK_CLOEXEC, protocol);
        if (fd >= 0)
        {
            Io.Close(fd);
            return Errno.None;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is EMFILE or ENFILE or ENOMEM or ENOBUFS ? Errno.None : new Errno(error);
    }

    private static unsafe int Option(int fd, int name)
    {
        int value, length = sizeof(int);
        return getsockopt(fd, SOL_SOCKET, name, &value, &length) < 0 ? -1 : value;
    }
}
