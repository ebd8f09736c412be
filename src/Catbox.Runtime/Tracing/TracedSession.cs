using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

/// <summary>A session as its tracer loop knows it. Owned by the loop thread once it was launched.</summary>
internal sealed class TracedSession(long id, ISessionSink sink)
{
    public long Id { get; } = id;
    public ISessionSink Sink { get; } = sink;

    /// <summary>The spawned stub, 0 when it has gone.</summary>
    public int StubPid { get; set; }
    /// <summary>The first process, which the stub made; 0 until then.</summary>
    public int RootPid { get; set; }
    /// <summary>The first process is there, stopped, and not yet adopted: nothing but a kill can move it.</summary>
    public bool IsRootHeld { get; set; }
    /// <summary>True until the first process has executed its program: an int3 is then a failed launch.</summary>
    public bool IsLaunching { get; set; }
    /// <summary>Every task that appears is killed.</summary>
    public bool IsKilled { get; set; }
    /// <summary>Whose credentials its guests have. No way leads back from <see cref="GuestCredentials.Various"/>.</summary>
    public GuestCredentials Credentials { get; set; }
    /// <summary>One of its guests has a filter of its own, or had one installed: it could kill for a call that the guest has not made.</summary>
    public bool HasGuestsFilter { get; set; }
    /// <summary>One of its calls on behalf is late: the others wait for it.</summary>
    public bool HasLateCall { get; set; }
    /// <summary>When the last one that was late had ended, <see cref="System.Diagnostics.Stopwatch"/> ticks; 0 for never.</summary>
    public long WasLateAt { get; set; }
    /// <summary>The names of the launch's steps, for its errors.</summary>
    public IReadOnlyList<string> StepNames { get; set; } = [];
    /// <summary>The pages of argument slots are sealed: the kernel can, and no test says otherwise.</summary>
    public bool SealsArguments { get; init; } = SealCheck.Works;
#if CATBOX_TEST_BUILD
    /// <summary>Calls in slots go on without the stop in which the guest gets its registers back.</summary>
    public bool SkipsExitStops { get; init; }
#endif
    /// <summary>Stops by kind.</summary>
    public StopCounters Counters { get; } = new();
    /// <summary>The live processes.</summary>
    public HashSet<int> Processes { get; } = [];
}
