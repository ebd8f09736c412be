using System.Buffers.Text;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Paths;

/// <summary>
/// Absolute paths that begin with a magic link of the process itself (proc_pid_cwd(5), proc_pid_fd(5)), and so where a relative one would begin: whoever follows them
/// needs no directory above that.
/// </summary>
internal static class MagicStart
{
    /// <summary>Parts such a path.</summary>
    /// <param name="path">As given.</param>
    /// <param name="own">The number of the process or thread itself, where that stands in the path; 0 where only <c>self</c> is its own.</param>
    /// <param name="dirFd">AT_FDCWD, or the descriptor.</param>
    /// <param name="rest">What follows, relative; empty where nothing does. The path itself where it is no such path.</param>
    public static bool TrySplit(ReadOnlySpan<byte> path, int own, out int dirFd, out ReadOnlySpan<byte> rest)
    {
        rest = path;
        if (TryTakeStart(ref rest, own, out dirFd))
        {
            return true;
        }

        rest = path;
        dirFd = AT_FDCWD;
        return false;
    }

    private static bool TryTakeStart(ref ReadOnlySpan<byte> rest, int own, out int dirFd)
    {
        dirFd = AT_FDCWD;
        if (TakeText(ref rest, "/dev/fd/"u8))
        {
            return TakeNumber(ref rest, out dirFd) && TakeSlashes(ref rest);
        }

        if (!TakeText(ref rest, "/proc/"u8))
        {
            return false;
        }

        var isOwn = TakeText(ref rest, "self/"u8) || TakeText(ref rest, "thread-self/"u8)
            || (own > 0 && TakeNumber(ref rest, out var owner) && owner == own && TakeText(ref rest, "/"u8));
        return isOwn
            && (TakeText(ref rest, "cwd"u8) || (TakeText(ref rest, "fd/"u8) && TakeNumber(ref rest, out dirFd)))
            && TakeSlashes(ref rest);
    }

    private static bool TakeText(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> text)
    {
        if (!rest.StartsWith(text))
        {
            return false;
        }

        rest = rest[text.Length..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> rest, out int number)
    {
        // Digits alone: a sign is no name of procfs.
        if (rest.IsEmpty || rest[0] is < (byte)'0' or > (byte)'9' || !Utf8Parser.TryParse(rest, out number, out var digits))
        {
            number = -1;
            return false;
        }

        rest = rest[digits..];
        return true;
    }

    private static bool TakeSlashes(ref ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty && rest[0] != PathSyntax.Slash)
        {
            return false;
        }

        rest = rest.TrimStart(PathSyntax.Slash);
        return true;
    }
}
