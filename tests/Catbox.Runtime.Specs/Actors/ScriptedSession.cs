using System.Collections.Immutable;
using Catbox.Policy.Filtering;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Tracing;
using Catbox.Testing;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>A session whose rules, judge and trail are the real ones and whose tracer is scripted.</summary>
internal sealed class ScriptedSession
{
    /// <summary>The first process.</summary>
    public const int Root = 100;

    public ScriptedSession(
        SandboxPolicy? policy = null, Func<SandboxSpec, SandboxSpec>? change = null, bool othersWatch = false, ICallAdvisor? advisor = null, TimeSpan? deadline = null,
        TimeSpan? patience = null)
    {
        var spec = new SandboxSpec { Command = ["guest"], Policy = policy ?? new SandboxPolicy { Writable = ["/work"] } };
        spec = change?.Invoke(spec) ?? spec;
        Handle = new SandboxSession(1, StandardStreams.Open(spec), null);
        var rules = CompiledPolicy.Compile(spec.Policy, new PolicyContext());
        Context = new SessionContext(
            spec,
            new TracedSession(1, Handle),
            Tracer,
            LinuxX64.Table,
            new PolicyJudge(rules) { OwnFilter = othersWatch ? FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(rules.Needs)) : null },
            new AuditTrail(),
            TimeProvider.System)
        {
            Advisor = advisor,
            AdviceDeadline = deadline ?? TimeSpan.FromMinutes(5),
            AdvicePatience = patience ?? TimeSpan.FromMinutes(5),
        };
    }

    public ScriptedTracer Tracer { get; } = new();

    public SandboxSession Handle { get; }

    public SessionContext Context { get; }

    public LaunchPlan Plan { get; } = new([], [-1, -1, -1], 0);

    /// <summary>The violations in the trail; for specs that have no auditor. Takes everything out.</summary>
    public ImmutableArray<Violation> TakeViolations() =>
        [.. TakeTrail().Where(item => item.Violation is not null).Select(item => item.Violation!.ToViolation())];

    /// <summary>Everything in the trail so far; takes it out.</summary>
    public List<AuditItem> TakeTrail()
    {
        var items = new List<AuditItem>();
        while (Context.Trail.Items.TryRead(out var item))
        {
            items.Add(item);
        }

        return items;
    }
}
