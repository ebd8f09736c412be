namespace Catbox.Policy.Judging;

/// <summary>Recognises the files through which a process's memory is written.</summary>
internal static class ProcMemory
{
    /// <summary>Whether a canonical path is <c>/proc/PID/mem</c> or <c>/proc/PID/task/TID/mem</c>, of whatever process.</summary>
    public static bool IsMemoryFile(ReadOnlySpan<byte> canonical)
    {
        if (!canonical.EndsWith("/mem"u8) || !canonical.StartsWith("/proc/"u8) || canonical.Length < "/proc/1/mem".Length)
        {
            return false;
        }

        // What is left between /proc/ and /mem: 12 or 12/task/34.
        var middle = canonical[6..^4];
        var task = middle.IndexOf("/task/"u8);
        return task < 0 ? IsNumber(middle) : IsNumber(middle[..task]) && IsNumber(middle[(task + 6)..]);
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
