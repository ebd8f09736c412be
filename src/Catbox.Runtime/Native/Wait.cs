using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>wait4(2).</summary>
internal static partial class Wait
{

    /// <summary>Only children of the calling thread: without it we would steal the exit status of the host's own children.</summary>
    public const int __WNOTHREAD = 0x20000000;
    public const int __WALL = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int wait4(int pid, int* status, int options, Rusage* usage);

    /// <summary>Waits for any child or tracee of the calling thread.</summary>
    /// <returns>Its pid, or the negated errno.</returns>
    public static unsafe int Any(int options, out WaitStatus status, ref Rusage usage)
    {
        var raw = 0;
        fixed (Rusage* at = &usage)
        {
            var pid = wait4(-1, &raw, options | __WALL | __WNOTHREAD, at);
            status = new WaitStatus(raw);
            return pid >= 0 ? pid : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Waits for one child.</summary>
    public static unsafe Errno One(int pid, int options, out WaitStatus status)
    {
        var raw = 0;
        int result;
        do
        {
            result = wait4(pid, &raw, options | __WALL, null);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == 4);
        status = new WaitStatus(raw);
        return result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
    }
}
