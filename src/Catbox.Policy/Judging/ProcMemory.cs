namespace Catbox.Policy.Judging;

/// <summary>Recognises the files through which a process's memory is written.</summary>
internal static class ProcMemory
{
    /// <summary>
    /// Whether a canonical path reads like <c>PID/mem</c> or <c>PID/task/TID/mem</c> of whatever process, below whatever directory: procfs may be mounted
    /// elsewhere too.
    /// </summary>
    /// <param name="canonical">The path.</param>
    /// <param name="mount">What stands before the process.</param>
    public static bool IsMemoryFile(ReadOnlySpan<byte> canonical, out ReadOnlySpan<byte> mount)
    {
        mount = default;
        if (!canonical.EndsWith("/mem"u8) || !TakeNumber(canonical[..^4], out var above))
        {
            return false;
        }

        if (above.EndsWith("/task"u8) && TakeNumber(above[..^5], out var process))
        {
            above = process;
        }

        mount = above;
        return true;
    }

    /// <summary>Takes the last component off, where it is a number.</summary>
    private static bool TakeNumber(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> above)
    {
        var slash = path.LastIndexOf((byte)'/');
        above = path[..Math.Max(slash, 0)];
        return slash >= 0 && IsNumber(path[(slash + 1)..]);
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
