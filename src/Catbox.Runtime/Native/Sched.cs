using System.Buffers.Text;
using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>CPU placement: sched_setaffinity(2) and where a thread runs.</summary>
internal static partial class Sched
{
    /// <summary>Bytes of a CPU mask: 1,024 CPUs, as glibc's cpu_set_t.</summary>
    public const int MaskBytes = 128;

    /// <summary>By number: the C library has the function since glibc 2.30 alone.</summary>
    private const long NR_gettid = 186;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_setaffinity(int pid, nint size, byte* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_getaffinity(int pid, nint size, byte* mask);

    [LibraryImport("libc")]
    private static partial int sched_getcpu();

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number);

    /// <summary>
    /// How long a task was runnable without running since its birth, nanoseconds: the second number of /proc/TID/schedstat (Documentation/scheduler/sched-stats.rst).
    /// </summary>
    /// <returns>False where the kernel does not count it (CONFIG_SCHED_INFO), or /proc hides the task.</returns>
    public static bool TryReadRunDelay(int tid, out long nanoseconds)
    {
        nanoseconds = 0;
        Span<byte> name = stackalloc byte[ProcPath.Size];
        if (!Io.Open(ProcPath.Write(name, tid, "/schedstat"u8), Io.O_RDONLY | Io.O_CLOEXEC, 0, out var fd).IsSuccess)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[96];
        var error = Io.Read(fd, text, out var length);
        Io.Close(fd);
        var space = text[..length].IndexOf((byte)' ');
        return error.IsSuccess && space > 0 && Utf8Parser.TryParse(text[(space + 1)..length], out nanoseconds, out _);
    }

    public static int CurrentCpu => sched_getcpu();

    /// <summary>The calling thread's number: gettid(2).</summary>
    public static int CurrentThread => (int)syscall(NR_gettid);

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
