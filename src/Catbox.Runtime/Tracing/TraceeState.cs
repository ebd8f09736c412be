namespace Catbox.Runtime.Tracing;

/// <summary>Whether a task can be resumed.</summary>
internal enum TraceeState : byte
{
    /// <summary>It runs; every ptrace call on it would be ESRCH.</summary>
    Running,
    /// <summary>It is stopped and the stop with <see cref="Tracee.Sequence"/> waits for its answer.</summary>
    Parked,
    /// <summary>In a group stop, listening: it stays stopped, and reports when that ends.</summary>
    Listening,
}
