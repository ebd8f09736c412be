using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>
/// What the process actors of one session share. They run on one thread, the session's tracer loop, one stop at a time.
/// </summary>
internal sealed class SessionContext(
    SandboxSpec spec, TracedSession traced, ITracerPort tracer, SyscallTable table, PolicyJudge judge, AuditTrail trail, TimeProvider clock)
{
    private long _generation;

    public SandboxSpec Spec { get; } = spec;
    public TracedSession Traced { get; } = traced;
    public ITracerPort Tracer { get; } = tracer;
    public SyscallTable Table { get; } = table;
    public PolicyJudge Judge { get; } = judge;
    public AuditTrail Trail { get; } = trail;
    public TimeProvider Clock { get; } = clock;
    public SessionTree Tree { get; } = new(tracer.Inspector, spec.ShareTerminal);

    /// <summary>The calls of its guests that are under way.</summary>
    public CallPool Calls { get; } = new();

    /// <summary>Who is asked before a judged call is made; null for nobody.</summary>
    public ICallAdvisor? Advisor { get; init; }

    /// <summary>So long a guest that waits for advice stands in its stop, where it takes no signals but SIGKILL; then it waits in a call.</summary>
    public TimeSpan AdvicePatience { get; init; }

    /// <summary>So long it may take; then the call is refused.</summary>
    public TimeSpan AdviceDeadline { get; init; }

    /// <summary>
    /// Calls that were judged go on as they stand, though another thread may change their arguments before the kernel reads them again. What such a
    /// race wins is what the tests of the other ways are measured against; a released engine has no way to ask for it.
    /// </summary>
    public bool JudgesAndContinues { get; init; }

    /// <summary>The next process's generation.</summary>
    public long NextGeneration() => ++_generation;
}
