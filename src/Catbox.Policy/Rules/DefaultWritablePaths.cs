namespace Catbox.Policy.Rules;

/// <summary>What is writable without asking and cannot be listed as a path.</summary>
internal static class DefaultWritablePaths
{
    /// <summary>
    /// Whether a canonical path is a pseudo-terminal: <c>/dev/pts/N</c>. The numbers of the session's own are not known when the policy is compiled,
    /// so any may be opened for writing unless the policy is strict: the file's mode guards those of other users (a terminal is its owner's, group tty).
    /// </summary>
    public static bool IsPty(ReadOnlySpan<byte> canonical)
        => canonical.StartsWith("/dev/pts/"u8) && canonical.Length is > 9 and <= 19 && !canonical[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
