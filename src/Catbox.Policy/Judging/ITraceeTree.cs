namespace Catbox.Policy.Judging;

/// <summary>Which processes belong to the session of the call that is judged.</summary>
public interface ITraceeTree
{
    /// <summary>Whether a thread group of this number is the session's own and alive.</summary>
    bool HasProcess(int pid);

    /// <summary>Whether a thread of this number is the session's own and alive.</summary>
    bool HasThread(int tid);

    /// <summary>
    /// Whose a number is for which <see cref="HasProcess"/> and <see cref="HasThread"/> are false. May cost a kernel call: it is asked only
    /// where the call would be refused.
    /// </summary>
    ProcessStanding StandingOf(int pid);

    /// <summary>
    /// What listen(2) on a descriptor of the calling thread would bind by itself: AF_INET or AF_INET6 for an internet socket that has no port
    /// yet; 0 where it binds nothing (bound already, another family, not a socket, not open); -1 where that cannot be told.
    /// </summary>
    int FamilyBoundByListen(int fd);

    /// <summary>The process behind a pidfd of the calling thread, 0 where it is none (or gone).</summary>
    int ProcessOfPidFd(int fd);

    /// <summary>The thread group of the call that is judged.</summary>
    int CallerPid { get; }

    /// <summary>The kernel's fs/exec view: may the tracer read the program (an unreadable one would blind it)?</summary>
    bool CanReadProgram(ReadOnlySpan<byte> canonical);
}
