namespace Catbox.Policy.Judging;

/// <summary>Which processes belong to the session of the call that is judged.</summary>
public interface ITraceeTree
{
    /// <summary>Whether a thread group of this number is the session's own and alive.</summary>
    bool HasProcess(int pid);

    /// <summary>Whether a thread of this number is the session's own and alive.</summary>
    bool HasThread(int tid);

    /// <summary>The process behind a pidfd of the calling process, 0 where it is none (or gone).</summary>
    int ProcessOfPidFd(int fd);

    /// <summary>The thread group of the call that is judged.</summary>
    int CallerPid { get; }

    /// <summary>The kernel's fs/exec view: may the tracer read the program (an unreadable one would blind it)?</summary>
    bool CanReadProgram(ReadOnlySpan<byte> canonical);
}
