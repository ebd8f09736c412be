using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>CPU placement: sched_setaffinity(2) and where a thread runs.</summary>
internal static partial class Sched
{
    /// <summary>Bytes of a CPU mask: 1,024 CPUs, as glibc's cpu_set_t.</summary>
    public const int MaskBytes = 128;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_setaffinity(int pid, nint size, byte* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_getaffinity(int pid, nint size, byte* mask);

    [LibraryImport("libc")]
    private static partial int sched_getcpu();

    public static int CurrentCpu => sched_getcpu();

    public static unsafe Errno SetAffinity(int tid, ReadOnlySpan<byte> mask)
    {
        fixed (byte* at = mask)
        {
            return sched_setaffinity(tid, mask.Length, at) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
        }
    }

    public static unsafe Errno GetAffinity(int tid, Span<byte> mask)
    {
        mask.Clear();
        fixed (byte* at = mask)
        {
            return sched_getaffinity(tid, mask.Length, at) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
        }
    }
}
