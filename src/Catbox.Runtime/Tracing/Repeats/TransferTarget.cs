using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Repeats;

/// <summary>
/// What a descriptor of a guest's leads to, as far as it matters whether a part of a transfer can be followed by its rest: a pipe, a terminal, or a stream socket, all of them blocking
/// and without a time limit. There the two are one to whoever is at the other end.
/// </summary>
internal static class TransferTarget
{
    private const int S_IFMT = 0xf000, S_IFIFO = 0x1000, S_IFCHR = 0x2000, S_IFSOCK = 0xc000;

    // TTY_MAJOR, TTYAUX_MAJOR, UNIX98_PTY_SLAVE_MAJOR and how many of those there are (include/uapi/linux/major.h).
    private const uint Tty = 4, TtyAux = 5, PtySlave = 136, PtySlaves = 8;

    /// <summary>Looks at one.</summary>
    public static bool CanContinue(int pid, int tid, int fd, bool receives, out bool isSocket)
    {
        isSocket = false;
        Span<byte> path = stackalloc byte[ProcPath.Size];
        // First by its link: what it is says whether a copy may be made, since closing one asks the server of a FUSE file.
        if (!Files.Stat(Files.AT_FDCWD, ProcPath.WriteDescriptor(path, tid, fd), Files.AT_STATX_DONT_SYNC, out var stat).IsSuccess)
        {
            return false;
        }

        isSocket = (stat.stx_mode & S_IFMT) == S_IFSOCK;
        var isStream = (stat.stx_mode & S_IFMT) switch
        {
            S_IFIFO => !receives,
            S_IFCHR => !receives && (stat.stx_rdev_major is Tty or TtyAux || stat.stx_rdev_major - PtySlave < PtySlaves),
            S_IFSOCK => true,
            _ => false,
        };
        if (!isStream || !Credentials.CopyDescriptor(pid, tid, fd, out var copy).IsSuccess)
        {
            return false;
        }

        var can = Files.IsBlocking(copy) && (!isSocket || Sockets.IsStreamWithoutLimit(copy, receives));
        Io.Close(copy);
        return can;
    }
}
