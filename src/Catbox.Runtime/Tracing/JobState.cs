namespace Catbox.Runtime.Tracing;

/// <summary>The job that a process is part of (proc_pid_stat(5)).</summary>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Terminal">Its controlling terminal, a device number; 0 where it has none.</param>
/// <param name="Front">The group in front of that terminal; -1 where it has none.</param>
/// <param name="State">The letter of its state; 0 where it is gone.</param>
internal readonly record struct JobState(int Group, int Session, int Terminal, int Front, char State)
{
    /// <summary>It is dead, and was not waited for.</summary>
    public bool IsZombie => State is 'Z' or 'X';
}
