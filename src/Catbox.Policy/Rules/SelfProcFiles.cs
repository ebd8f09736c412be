namespace Catbox.Policy.Rules;

/// <summary>
/// The files of <c>/proc/PID</c> by which a process tunes itself (proc(5), fs/proc/base.c): a process may write its own without being allowed to, unless
/// the policy is strict. Whose they are only the judge knows: it asks <see cref="Judging.ITraceeTree.HasProcess"/>.
/// </summary>
internal static class SelfProcFiles
{
    /// <summary>Whether a canonical path is such a file, and of which process.</summary>
    /// <param name="canonical">Bytes, with <c>/proc/self</c> already resolved: <c>/proc/1234/comm</c>, <c>/proc/1234/task/1240/comm</c>.</param>
    /// <param name="pid">The process in the path, as the guest's proc numbers it; 0 when the result is false.</param>
    /// <remarks>Left out on purpose: loginuid (who the audit log says it was), the id maps, mem, attr, clear_refs.</remarks>
    public static bool IsOwnFile(ReadOnlySpan<byte> canonical, out int pid)
    {
        pid = 0;
        if (!canonical.StartsWith("/proc/"u8))
        {
            return false;
        }

        var rest = canonical[6..];
        if (!TakeNumber(ref rest, out var process))
        {
            return false;
        }

        var known = rest.StartsWith("task/"u8) ? IsThreadFile(rest[5..]) : IsProcessFile(rest);
        pid = known ? process : 0;
        return known;
    }

    /// <summary>The process in a path below <c>/proc</c>; 0 where there is none.</summary>
    internal static int OwnerOf(ReadOnlySpan<byte> canonical)
    {
        var rest = canonical.StartsWith("/proc/"u8) ? canonical[6..] : default;
        return TakeNumber(ref rest, out var process) ? process : 0;
    }

    private static bool IsProcessFile(ReadOnlySpan<byte> name)
        => name.SequenceEqual("comm"u8) || name.SequenceEqual("oom_score_adj"u8) || name.SequenceEqual("oom_adj"u8)
            || name.SequenceEqual("timerslack_ns"u8) || name.SequenceEqual("coredump_filter"u8) || name.SequenceEqual("autogroup"u8);

    private static bool IsThreadFile(ReadOnlySpan<byte> rest)
        => TakeNumber(ref rest, out _)
            && (rest.SequenceEqual("comm"u8) || rest.SequenceEqual("oom_score_adj"u8) || rest.SequenceEqual("oom_adj"u8));

    /// <summary>Takes <c>1234/</c> off the beginning; a pid has no leading zero and at most ten digits.</summary>
    private static bool TakeNumber(ref ReadOnlySpan<byte> rest, out int number)
    {
        number = 0;
        var end = rest.IndexOf((byte)'/');
        if (end is < 1 or > 10 || rest[0] == (byte)'0')
        {
            return false;
        }

        var value = 0L;
        foreach (var b in rest[..end])
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (b - '0');
        }

        rest = rest[(end + 1)..];
        number = (int)Math.Min(value, int.MaxValue);
        return value <= int.MaxValue;
    }
}
