using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>Signals by number and the calls that send them.</summary>
internal static partial class Signals
{
    public const int SIGUSR1 = 10;
    public const int SIGKILL = 9;
    public const int SIGTRAP = 5;
    public const int SIGPIPE = 13;
    public const int SIGSYS = 31;
    public const int SIGXFSZ = 25;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int sig);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static partial nint SetHandler(int sig, nint handler);

    /// <summary>Ignores a signal in this process.</summary>
    /// <returns>Whether it was not ignored before.</returns>
    public static bool Ignore(int signal) => SetHandler(signal, 1 /* SIG_IGN */) != 1;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpgid(int pid);

    /// <summary>Sends a signal to a process, or to a group (negative). It is never sent to 0, the group of the host itself: 0 stands for what is not there.</summary>
    public static Errno Kill(int pid, int signal) =>
        pid == 0 && signal != 0 ? Errno.ESRCH
        : kill(pid, signal) < 0 ? new Errno(Marshal.GetLastPInvokeError())
        : Errno.None;

    /// <summary>The process group of a process, or -1 where it is gone.</summary>
    public static int GroupOf(int pid) => getpgid(pid);
}
