using Catbox.Policy.Decoding;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Enacting;

/// <summary>Tells from registers how a call goes on that was ended by a signal which nobody handles. Pure.</summary>
internal static class InterruptedCalls
{
    // include/linux/fs.h, include/linux/socket.h
    private const ulong MAX_RW_COUNT = 0x7ffff000;
    private const ulong MSG_OOB = 0x1, MSG_PEEK = 0x2, MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, MSG_WAITALL = 0x100, MSG_ERRQUEUE = 0x2000;
    private const ulong MSG_NOSIGNAL = 0x4000, MSG_FASTOPEN = 0x20000000;

    /// <summary>How it goes on.</summary>
    /// <param name="row">The call.</param>
    /// <param name="args">Its registers.</param>
    /// <param name="result">What it was about to return.</param>
    public static Repetition Of(SyscallRow row, in SyscallArgs args, long result)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Interruption switch
        {
            Interruption.None => Repetition.None,
            Interruption.Write or Interruption.Send or Interruption.Receive =>
                result > 0 && (ulong)result < Math.Min(args[2], MAX_RW_COUNT) && MovesAll(row.Interruption, in args) ? Repetition.Rest : Repetition.None,
            _ when result != -Errno.EINTR.Value => Repetition.None,
            Interruption.Again => Repetition.Whole,
            Interruption.Milliseconds => (int)args[row.TimeLimit] < 0 ? Repetition.Whole : Repetition.Timed,
            _ => args[row.TimeLimit] == 0 ? Repetition.Whole : Repetition.Timed,
        };
    }

    /// <summary>
    /// Whether a result is ERESTARTNOHAND, and not the kernel's own, which gives EINTR of these calls. With it a call is made again unless a handler runs first or its task is stopped, which
    /// then see EINTR.
    /// </summary>
    public static bool IsToBeMadeAgain(SyscallRow row, long result)
    {
        ArgumentNullException.ThrowIfNull(row);
        return result == -Errno.ERESTARTNOHAND.Value && row.Interruption is Interruption.Again or Interruption.Milliseconds or Interruption.Timespec;
    }

    /// <summary>The registers of the call for the rest.</summary>
    /// <param name="row">The call.</param>
    /// <param name="args">Its own registers.</param>
    /// <param name="done">How many bytes have been moved.</param>
    /// <param name="isSocket">
    /// Whether it goes to a socket. One that was shut down sends no SIGPIPE to who has sent a part, and so a write is made as a sendto that asks for none.
    /// </param>
    public static SyscallArgs Rest(SyscallRow row, in SyscallArgs args, ulong done, bool isSocket)
    {
        ArgumentNullException.ThrowIfNull(row);
        var rest = args;
        rest[1] += done;
        rest[2] -= done;
        if (row.Interruption == Interruption.Write && isSocket)
        {
            rest[3] = MSG_NOSIGNAL;
            rest[4] = rest[5] = 0;
        }
        else if (row.Interruption == Interruption.Send)
        {
            rest[3] |= MSG_NOSIGNAL;
        }

        return rest;
    }

    private static bool MovesAll(Interruption interruption, in SyscallArgs args) => interruption switch
    {
        Interruption.Send => args[4] == 0 && (args[3] & (MSG_OOB | MSG_DONTWAIT | MSG_FASTOPEN)) == 0,
        Interruption.Receive => args[4] == 0
            && (args[3] & (MSG_OOB | MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_ERRQUEUE)) == MSG_WAITALL,
        _ => true,
    };
}
