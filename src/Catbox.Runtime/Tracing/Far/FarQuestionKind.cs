namespace Catbox.Runtime.Tracing.Far;

/// <summary>What is asked of a file system that may not answer.</summary>
internal enum FarQuestionKind : byte
{
    /// <summary>Where a path leads.</summary>
    Path,
    /// <summary>What a descriptor of the guest's is.</summary>
    Descriptor,
    /// <summary>Whether the tracer may read a file.</summary>
    Readable,
    /// <summary>Whether a path leads where it was judged to lead, by a way that openat2 takes (<see cref="Slots.ScopeCheck"/>).</summary>
    Scope,
}
