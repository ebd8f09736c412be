using System.Buffers.Text;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Paths;

/// <summary>
/// Absolute paths that begin with a magic link of the caller's (proc_pid_cwd(5), proc_pid_fd(5)), and so where a relative one of that task would begin: whoever follows them
/// needs no directory above that. The task need not be the calling thread: <c>/proc/self</c> and <c>/dev/fd</c> are the leader's.
/// </summary>
internal static class MagicStart
{
    /// <summary>Parts such a path.</summary>
    /// <param name="path">As given.</param>
    /// <param name="process">The number of the caller's process, which is that of its leader.</param>
    /// <param name="thread">The number of the calling thread.</param>
    /// <param name="task">Whose link it is: one of the two.</param>
    /// <param name="dirFd">AT_FDCWD, or the descriptor of that task's.</param>
    /// <param name="rest">What follows, relative; empty where nothing does. The path itself where it is no such path.</param>
    public static bool TrySplit(ReadOnlySpan<byte> path, int process, int thread, out int task, out int dirFd, out ReadOnlySpan<byte> rest)
    {
        rest = path;
        if (TryTakeStart(ref rest, process, thread, out task, out dirFd))
        {
            return true;
        }

        rest = path;
        task = thread;
        dirFd = AT_FDCWD;
        return false;
    }

    private static bool TryTakeStart(ref ReadOnlySpan<byte> rest, int process, int thread, out int task, out int dirFd)
    {
        dirFd = AT_FDCWD;
        task = process;
        if (TakeText(ref rest, "/dev/fd/"u8))
        {
            return TakeNumber(ref rest, out dirFd) && TakeSlashes(ref rest);
        }

        if (!TakeText(ref rest, "/proc/"u8))
        {
            return false;
        }

        return TryTakeTask(ref rest, process, thread, out task)
            && (TakeText(ref rest, "cwd"u8) || (TakeText(ref rest, "fd/"u8) && TakeNumber(ref rest, out dirFd)))
            && TakeSlashes(ref rest);
    }

    private static bool TryTakeTask(ref ReadOnlySpan<byte> rest, int process, int thread, out int task)
    {
        task = process;
        if (TakeText(ref rest, "self/"u8))
        {
            return true;
        }

        task = thread;
        return TakeText(ref rest, "thread-self/"u8)
            || (TakeNumber(ref rest, out task) && task > 0 && (task == process || task == thread) && TakeText(ref rest, "/"u8));
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
