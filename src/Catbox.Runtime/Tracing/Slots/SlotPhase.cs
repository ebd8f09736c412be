namespace Catbox.Runtime.Tracing.Slots;

/// <summary>A call that the tracer had a task make, and whose syscall-exit stop comes next.</summary>
internal enum SlotPhase : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>mmap of a pool.</summary>
    Mapping,
    /// <summary>madvise of a pool, so that it has no pages.</summary>
    Emptying,
    /// <summary>mseal of a pool.</summary>
    Sealing,
    /// <summary>pause, while somebody is asked about the guest's own call.</summary>
    Waiting,
    /// <summary>The guest's own call, with its arguments in a slot.</summary>
    Calling,
}
