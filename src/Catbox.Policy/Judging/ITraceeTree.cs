namespace Catbox.Policy.Judging;

/// <summary>Which processes belong to the session of the call that is judged.</summary>
internal interface ITraceeTree
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

    /// <summary>The process behind a pidfd of the calling thread; 0 where it is none, or the process is gone and was waited for.</summary>
    int ProcessOfPidFd(int fd);

    /// <summary>What the kernel would say to the calling thread; asked only where a call is about to be refused.</summary>
    IKernelAnswers Kernel { get; }

    /// <summary>The thread group of the call that is judged.</summary>
    int CallerPid { get; }

    /// <summary>The process group of the caller.</summary>
    int CallerGroup { get; }

    /// <summary>The caller's controlling terminal, as /proc/PID/stat numbers it; 0 where it has none.</summary>
    int CallerTerminal { get; }

    /// <summary>Whether the kernel stops the caller where it changes its terminal from the background: it neither ignores nor blocks SIGTTOU.</summary>
    bool IsStoppedInBackground { get; }

    /// <summary>Whose a process group is.</summary>
    GroupStanding StandingOfGroup(int group);

    /// <summary>Whether a terminal is the caller's to change.</summary>
    /// <param name="device">As <see cref="CallerTerminal"/>.</param>
    TerminalStanding StandingOfTerminal(int device);

    /// <summary>The kernel's fs/exec view: may the tracer read the program (an unreadable one would blind it)?</summary>
    bool CanReadProgram(ReadOnlySpan<byte> canonical);
}
