namespace Catbox.Runtime.Tracing;

/// <summary>What a <see cref="RawStop"/> reports.</summary>
internal enum StopKind : byte
{
    /// <summary>PTRACE_EVENT_SECCOMP: a call that the filter wants judged.</summary>
    Seccomp,
    /// <summary>fork, vfork or clone made a task; <see cref="RawStop.Message"/> is its tid, <see cref="RawStop.CloneFlags"/> what it shares.</summary>
    Fork,
    /// <summary>execve succeeded; <see cref="RawStop.Message"/> is the tid that called it.</summary>
    Exec,
    /// <summary>A new task's first stop.</summary>
    Start,
    /// <summary>A signal is about to be delivered; <see cref="RawStop.Signal"/>.</summary>
    Signal,
    /// <summary>A group stop by <see cref="RawStop.Signal"/>.</summary>
    Group,
    /// <summary>PTRACE_INTERRUPT or the end of a group stop.</summary>
    Trap,
    /// <summary>The task is gone; <see cref="RawStop.Status"/>.</summary>
    Exit,
}
