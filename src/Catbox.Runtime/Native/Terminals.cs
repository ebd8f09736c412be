using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>The controlling terminal: its modes (termios(3)), its foreground process group (tcsetpgrp(3)).</summary>
internal static partial class Terminals
{
    /// <summary>Room for struct termios, which is opaque to us: modes are kept and put back, never looked into. 60 bytes in glibc and musl.</summary>
    public const int ModesSize = 128;

    private const int O_NOCTTY = 0x100;
    private const int TIOCGWINSZ = 0x5413;
    private const int TCSANOW = 0;
    private const int TCOON = 1;
    private const int SIG_BLOCK = 0;
    private const int SIG_SETMASK = 2;
    private const int SIGTTOU = 22;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int tcgetattr(int fd, byte* modes);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int tcsetattr(int fd, int actions, byte* modes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetpgrp(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetpgrp(int fd, int group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsid(int pid);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int isatty(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcflow(int fd, int action);

    [LibraryImport("libc")]
    private static unsafe partial int pthread_sigmask(int how, void* set, void* old);

    [LibraryImport("libc")]
    private static unsafe partial int sigemptyset(void* set);

    [LibraryImport("libc")]
    private static unsafe partial int sigaddset(void* set, int signal);

    private static Errno Last => new(Marshal.GetLastPInvokeError());

    /// <summary>Opens /dev/tty: ENXIO where the process has no terminal (tty(4)).</summary>
    public static Errno OpenControlling(out int fd) => Io.Open("/dev/tty\0"u8, Io.O_RDWR | O_NOCTTY, 0, out fd);

    /// <summary>Reads the modes into a buffer of <see cref="ModesSize"/> bytes. EIO when the terminal has hung up.</summary>
    public static unsafe Errno GetModes(int fd, Span<byte> modes)
    {
        fixed (byte* at = modes)
        {
            return tcgetattr(fd, at) < 0 ? Last : Errno.None;
        }
    }

    /// <summary>Sets modes, at once. From the background too: SIGTTOU, which would stop us there, is blocked meanwhile.</summary>
    public static unsafe Errno SetModes(int fd, ReadOnlySpan<byte> modes)
    {
        fixed (byte* at = modes)
        {
            var old = stackalloc byte[Spawn.SigsetSize];
            BlockTtou(old);
            var error = tcsetattr(fd, TCSANOW, at) < 0 ? Last : Errno.None;
            _ = pthread_sigmask(SIG_SETMASK, old, null);
            return error;
        }
    }

    /// <summary>The process group that the keyboard's signals go to, or -1 where that cannot be told.</summary>
    public static int ForegroundGroup(int fd) => tcgetpgrp(fd);

    /// <summary>Brings a process group to the front. From the background too, as <see cref="SetModes"/>.</summary>
    public static unsafe Errno SetForegroundGroup(int fd, int group)
    {
        var old = stackalloc byte[Spawn.SigsetSize];
        BlockTtou(old);
        var error = tcsetpgrp(fd, group) < 0 ? Last : Errno.None;
        _ = pthread_sigmask(SIG_SETMASK, old, null);
        return error;
    }

    /// <summary>Whether a descriptor is a terminal.</summary>
    public static bool IsTerminal(int fd) => isatty(fd) == 1;

    /// <summary>The columns of its window, 0 where nobody has set them or it is no terminal (TIOCGWINSZ).</summary>
    public static unsafe int Columns(int fd)
    {
        var size = stackalloc ushort[4];
        return ioctl(fd, TIOCGWINSZ, size) < 0 ? 0 : size[1];
    }

    /// <summary>
    /// Lets output go on that tcflow(3) has stopped (TCOOFF); one that was stopped by the keyboard (^S) stays. From the background too, as <see cref="SetModes"/>.
    /// </summary>
    public static unsafe Errno StartOutput(int fd)
    {
        var old = stackalloc byte[Spawn.SigsetSize];
        BlockTtou(old);
        var error = tcflow(fd, TCOON) < 0 ? Last : Errno.None;
        _ = pthread_sigmask(SIG_SETMASK, old, null);
        return error;
    }

    /// <summary>The session of this process.</summary>
    public static int OwnSession() => getsid(0);

    private static unsafe void BlockTtou(byte* old)
    {
        var set = stackalloc byte[Spawn.SigsetSize];
        _ = sigemptyset(set);
        _ = sigaddset(set, SIGTTOU);
        _ = pthread_sigmask(SIG_BLOCK, set, old);
    }
}
