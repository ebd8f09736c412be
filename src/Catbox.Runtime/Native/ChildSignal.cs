using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>
/// SIGCHLD. A host that uses System.Diagnostics.Process has a handler for it, and every ptrace stop then wakes the runtime's signal thread: half
/// again the cost of a stop. SA_NOCLDSTOP in the installed action, with its handler kept, stops that; the runtime installs its handler
/// lazily, so it is looked at again at each launch.
/// </summary>
internal static partial class ChildSignal
{
    private const int SIGCHLD = 17;
    private const int SA_NOCLDSTOP = 1;

    /// <summary>struct sigaction of the C library (sigaction(2)): handler, mask, flags, restorer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct SigAction
    {
        public nint sa_handler;
        public fixed ulong sa_mask[16];
        public int sa_flags;
        public nint sa_restorer;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sigaction(int signal, SigAction* action, SigAction* old);

    /// <summary>Adds SA_NOCLDSTOP to a handler that lacks it.</summary>
    public static unsafe void QuietStops()
    {
        var action = default(SigAction);
        if (sigaction(SIGCHLD, null, &action) == 0 && action.sa_handler is not (0 or 1) && (action.sa_flags & SA_NOCLDSTOP) == 0)
        {
            action.sa_flags |= SA_NOCLDSTOP;
            _ = sigaction(SIGCHLD, &action, null);
        }
    }
}
