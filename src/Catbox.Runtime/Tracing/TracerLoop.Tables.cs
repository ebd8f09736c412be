namespace Catbox.Runtime.Tracing;

// Who has descriptor tables, and working directories, together (TaskState): by the flags that a task was made with, until it executes a program or ends.
internal sealed partial class TracerLoop
{
    /// <summary>What tasks that are not yet adopted were made with. They count as users already: they may run before this is asked again.</summary>
    private readonly Dictionary<int, (TaskState Descriptors, TaskState Directory)> _madeWith = [];

    /// <summary>A task was made: its maker's, or copies of them.</summary>
    private void ShareTables(Tracee maker, int child, ulong flags) => _madeWith[child] = (
        (flags & CloneFlags.CLONE_FILES) != 0 ? maker.Descriptors.Join() : new TaskState(),
        (flags & CloneFlags.CLONE_FS) != 0 ? maker.Directory.Join() : new TaskState());

    /// <summary>A task is known from now on. The first of a session was made by a stub that shares nothing.</summary>
    private void TakeTables(Tracee tracee)
    {
        if (_madeWith.Remove(tracee.Tid, out var tables))
        {
            (tracee.Descriptors, tracee.Directory) = tables;
        }
        else if (tracee.Tid != tracee.Process.Session.RootPid)
        {
            // Nobody has told how it was made.
            tracee.Descriptors.Join();
            tracee.Directory.Join();
        }
    }

    /// <summary>A task that is never adopted: its process has ended.</summary>
    private void DropTables(int tid)
    {
        if (_madeWith.Remove(tid, out var tables))
        {
            tables.Descriptors.Leave();
            tables.Directory.Leave();
        }
    }

    /// <summary>
    /// A program was executed: the kernel gives whoever did it a descriptor table that nobody else has (unshare_files, fs/exec.c), and leaves it its working directory.
    /// </summary>
    /// <param name="leader">Who has the number of the process now.</param>
    /// <param name="isOther">Another thread called execve: it goes on as the leader, whose own tables have gone with it.</param>
    /// <param name="caller">That one.</param>
    private static void PartTables(Tracee leader, bool isOther, Tracee? caller)
    {
        leader.Descriptors.Leave();
        leader.Descriptors = new TaskState();
        if (isOther)
        {
            // Where nobody knows who that was, nobody knows who has its working directory too.
            caller?.Descriptors.Leave();
            leader.Directory.Leave();
            leader.Directory = caller?.Directory ?? new TaskState().Join();
        }
    }

    /// <summary>A task has ended.</summary>
    private static void LeaveTables(Tracee tracee)
    {
        tracee.Descriptors.Leave();
        tracee.Directory.Leave();
    }
}
