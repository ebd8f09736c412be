using Catbox.Runtime.Native;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// The limits that a program's caller has set mean its guests, and would first meet the program: a limit of file sizes (<c>ulimit -f</c>) kills it by SIGXFSZ at its report or at the first
/// page of a guest's launcher.
/// </summary>
internal static class HostLimits
{
    private static bool s_ignoresExcess;

    /// <summary>What RLIMIT_FSIZE was before it was raised; null where it was not.</summary>
    internal static (ulong Soft, ulong Hard)? FileSize { get; private set; }

    /// <summary>The signals that this class has made ignored: a bit a signal. They are no guest's.</summary>
    internal static ulong IgnoredHere => s_ignoresExcess ? 1UL << (Signals.SIGXFSZ - 1) : 0;

    /// <summary>Limits that may be the reason why something of this process's own failed; null where none is tight.</summary>
    public static string? Tight()
    {
        const int RLIMIT_NPROC = 6, RLIMIT_AS = 9;
        var tight = new List<string>();
        var (files, size, memory, processes) = (Identity.OpenFiles.Soft, Identity.FileSizeLimit.Soft, Identity.LimitOf(RLIMIT_AS), Identity.LimitOf(RLIMIT_NPROC));
        if (files <= 256)
        {
            tight.Add($"ulimit -n is {files}");
        }

        if (size <= 1 << 20)
        {
            tight.Add($"ulimit -f is {size} bytes");
        }

        if (memory <= 4UL << 30)
        {
            tight.Add($"ulimit -v is {memory >> 20} MiB");
        }

        if (processes <= 1024 && Identity.EffectiveUser != 0)
        {
            tight.Add($"ulimit -u is {processes}");
        }

        return tight.Count == 0 ? null : string.Join(", ", tight);
    }

    /// <summary>
    /// Raises this process's own limit of file sizes as far as it may be raised, and ignores SIGXFSZ: what still does not fit is an error. Guests get both as they were. To be called at
    /// the start, by a program that is there for its guests alone.
    /// </summary>
    public static void Prepare()
    {
        s_ignoresExcess = Signals.Ignore(Signals.SIGXFSZ);
        var (soft, hard) = Identity.FileSizeLimit;
        if (soft != ulong.MaxValue && (Identity.SetFileSizeLimit(ulong.MaxValue, ulong.MaxValue).IsSuccess || Identity.SetFileSizeLimit(hard, hard).IsSuccess))
        {
            FileSize = (soft, hard);
        }
    }
}
