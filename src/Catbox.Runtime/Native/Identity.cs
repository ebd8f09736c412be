using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>Who we are.</summary>
internal static partial class Identity
{
    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getrlimit(int resource, ulong* limits);

    public static uint EffectiveUser => geteuid();

    private const int RLIMIT_FSIZE = 1;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int setrlimit(int resource, ulong* limits);

    /// <summary>RLIMIT_FSIZE: soft and hard.</summary>
    public static unsafe (ulong Soft, ulong Hard) FileSizeLimit
    {
        get
        {
            var limits = stackalloc ulong[2];
            return getrlimit(RLIMIT_FSIZE, limits) < 0 ? (ulong.MaxValue, ulong.MaxValue) : (limits[0], limits[1]);
        }
    }

    /// <summary>The soft limit of a resource; the largest number where there is none.</summary>
    public static unsafe ulong LimitOf(int resource)
    {
        var limits = stackalloc ulong[2];
        return getrlimit(resource, limits) < 0 ? ulong.MaxValue : limits[0];
    }

    /// <summary>Sets it.</summary>
    public static unsafe Errno SetFileSizeLimit(ulong soft, ulong hard)
    {
        var limits = stackalloc ulong[] { soft, hard };
        return setrlimit(RLIMIT_FSIZE, limits) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
    }

    /// <summary>RLIMIT_NOFILE: soft and hard.</summary>
    public static unsafe (ulong Soft, ulong Hard) OpenFiles
    {
        get
        {
            var limits = stackalloc ulong[2];
            _ = getrlimit(7, limits);
            return (limits[0], limits[1]);
        }
    }
}
