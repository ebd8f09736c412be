namespace Catbox.Runtime;

/// <summary>How a runner is set up; immutable after its start.</summary>
public sealed record SandboxRunnerOptions
{
    /// <summary>Tracer threads, 1 to the number of CPUs. A session lives on one of them.</summary>
    public int TracerLoops { get; init; } = 1;
    /// <summary>Where time comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
