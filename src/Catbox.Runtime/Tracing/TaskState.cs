namespace Catbox.Runtime.Tracing;

/// <summary>
/// Something of a task's that others may have together with it: a descriptor table (files_struct, CLONE_FILES), or working directory, root and umask (fs_struct, CLONE_FS). It belongs
/// to tasks and not to processes: threads of one process may each have their own. Owned by the loop thread.
/// </summary>
/// <remarks>
/// It is told by what tasks were made with, and so may have more users in here than in the kernel, never fewer: a task that parts from the others later (unshare, CLOSE_RANGE_UNSHARE)
/// says nothing of it, and what it shares with those that it makes from then on is counted with the rest. So what nobody else has according to this is the task's alone, and who
/// has it otherwise does not have to be known: no decision rests on two tasks having the same.
/// </remarks>
internal sealed class TaskState
{
    private int _users = 1;

    /// <summary>Whether another task may have it too, and change it at any time.</summary>
    public bool IsShared => _users > 1;

    /// <summary>Another task has it too.</summary>
    public TaskState Join()
    {
        _users++;
        return this;
    }

    /// <summary>One of them has it no longer.</summary>
    public void Leave() => _users--;
}
