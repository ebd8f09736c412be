using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// Locks of open file descriptions: they go with the last descriptor, so with the process, however it ends. flock(2) and those of fcntl(2) (F_OFD_SETLK) do not know of each other.
/// </summary>
internal static unsafe partial class Locks
{
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int LOCK_UN = 8;
    private const int F_OFD_GETLK = 36;
    private const int F_OFD_SETLK = 37;
    private const short F_RDLCK = 0;
    private const short F_WRLCK = 1;
    private const short F_UNLCK = 2;

    /// <summary>flock(2), exclusive, without waiting: EAGAIN where somebody else has it.</summary>
    public static Errno TryTake(int fd) => Answer(flock(fd, LOCK_EX | LOCK_NB));

    /// <summary>Lets it go.</summary>
    public static void Release(int fd) => _ = flock(fd, LOCK_UN);

    /// <summary>Marks what a descriptor is as in use: a shared lock, which may be on a directory.</summary>
    public static Errno Mark(int fd)
    {
        var mark = new flock_t { l_type = F_RDLCK };
        return Answer(fcntl(fd, F_OFD_SETLK, &mark));
    }

    /// <summary>Whether somebody else has marked it.</summary>
    /// <returns>True too where that cannot be told.</returns>
    public static bool IsMarked(int fd)
    {
        var asked = new flock_t { l_type = F_WRLCK };
        return fcntl(fd, F_OFD_GETLK, &asked) < 0 || asked.l_type != F_UNLCK;
    }

    private static Errno Answer(int result) => result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, flock_t* argument);

    /// <summary><c>struct flock</c> (fcntl(2)); 32 bytes.</summary>
    private struct flock_t
    {
        public short l_type;
        public short l_whence;
        public long l_start;
        public long l_len;
        public int l_pid;
    }
}
