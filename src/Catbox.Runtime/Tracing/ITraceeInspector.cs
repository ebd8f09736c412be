using Catbox.Policy;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.Tracing;

/// <summary>Reads facts of a live process from the kernel. Never throws; what cannot be read is empty.</summary>
internal interface ITraceeInspector
{
    /// <summary>The program of a process (canonical path, escaped) and its arguments, as they stand after an exec.</summary>
    (string Executable, string[] Arguments) ReadProgram(int pid);

    /// <summary>The process group, -1 when gone.</summary>
    int GroupOf(int pid);

    /// <summary>The job that a process is part of, as /proc/PID/stat has it; zeros when gone.</summary>
    JobState JobOf(int pid);

    /// <summary>Whether anybody is in a process group.</summary>
    bool GroupExists(int group);

    /// <summary>Whether any thread of a process ignores or blocks a signal; also where that cannot be told.</summary>
    bool IgnoresOrBlocks(int pid, int signal);

    /// <summary>The living processes that have a terminal (<see cref="JobState.Terminal"/>) as their controlling one.</summary>
    IEnumerable<int> ProcessesAt(int terminal);

    /// <summary>The process behind a pidfd of a thread, 0 where it is none.</summary>
    int ProcessOfPidFd(int tid, int fd);

    /// <summary>See <see cref="Policy.Judging.ITraceeTree.FamilyBoundByListen"/>.</summary>
    int FamilyBoundByListen(int pid, int tid, int fd);

    /// <summary>What the kernel would say to a thread that is stopped at a call. Reused: the answers are to whom this was asked for last.</summary>
    IKernelAnswers AnswersTo(int pid, int tid);

    /// <summary>Whether there is a process (or thread) of this number, and whether it is dead and not waited for.</summary>
    (bool Exists, bool IsZombie) Look(int pid);

    /// <summary>Where <c>/proc/PID/exe</c> leads: a canonical path, <c> (deleted)</c> behind it where it has no name any more.</summary>
    Errno ReadExecutable(int pid, Span<byte> into, out int length);

    /// <summary>Whether the program of a process is the interpreter that a script's first line names (or, of its interpreter's, that one's).</summary>
    bool RunsScript(int pid, ReadOnlySpan<byte> script);

    /// <summary>Whether the tracer may read a program.</summary>
    bool CanRead(ReadOnlySpan<byte> canonical);
}
