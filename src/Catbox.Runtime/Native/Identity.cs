using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>Who we are.</summary>
internal static partial class Identity
{
    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getrlimit(int resource, ulong* limits);

    public static uint EffectiveUser => geteuid();

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
