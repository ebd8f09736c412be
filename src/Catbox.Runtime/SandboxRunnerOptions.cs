using Microsoft.Extensions.Logging;

namespace Catbox.Runtime;

/// <summary>How a runner is set up; immutable after its start.</summary>
public sealed record SandboxRunnerOptions
{
    /// <summary>Tracer threads, 1 to the number of CPUs. A session lives on one of them.</summary>
    public int TracerLoops { get; init; } = 1;
    /// <summary>Where the engine's diagnostics go; nowhere when null.</summary>
    public ILoggerFactory? Loggers { get; init; }
    /// <summary>Where time comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The ABI version to take the kernel's Landlock for; null asks the kernel. Tests look at machines that nobody has at hand.</summary>
    internal int? LandlockAbi { get; init; }

    /// <summary>How long a disposal waits for an end that does not come. Tests have less patience.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who is asked before a judged call is made; null for nobody. For all sessions of the runner.</summary>
    internal Calls.ICallAdvisor? Advisor { get; init; }

    /// <summary>So long a guest that waits for an advisor stands in its stop, before it takes signals.</summary>
    internal TimeSpan AdvicePatience { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>So long an advisor may take; then the call is refused.</summary>
    internal TimeSpan AdviceDeadline { get; init; } = TimeSpan.FromSeconds(30);

#if CATBOX_TEST_BUILD
    /// <summary>Launches without the filter: nothing is stopped or judged, so that tests see what the Landlock domain holds by itself. Not in released builds.</summary>
    internal bool FloorAlone { get; init; }
#endif
}
