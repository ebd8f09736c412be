namespace Catbox.Policy.Syscalls;

/// <summary>
/// What becomes of a call that a signal ended which nobody handles. The kernel wakes only a traced task for such a signal (sig_ignored, kernel/signal.c), and most calls it then
/// restarts by itself: they have <see cref="None"/>.
/// </summary>
internal enum Interruption : byte
{
    /// <summary>The kernel restarts it, or nobody can tell what it has done: its result stands.</summary>
    None = 0,
    /// <summary>EINTR says that it has done nothing: it is made again.</summary>
    Again,
    /// <summary>The same; an <c>int</c> of milliseconds limits its time, below zero it has no end.</summary>
    Milliseconds,
    /// <summary>The same; a <c>struct timespec</c> limits its time, NULL for no end.</summary>
    Timespec,
    /// <summary>The kernel writes what is left of its <c>struct timespec</c> and restarts it; where it cannot write there, EINTR.</summary>
    UpdatedTimespec,
    /// <summary>The same with a <c>struct timeval</c>.</summary>
    UpdatedTimeval,
    /// <summary>write(2): it can end when a part is written, and the rest is then written.</summary>
    Write,
    /// <summary>sendto(2), the same.</summary>
    Send,
    /// <summary>recvfrom(2), the same, where MSG_WAITALL asks for all.</summary>
    Receive,
}
