using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Tracing;
using Xunit;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>A session's time limit, on a clock that only the test moves.</summary>
public sealed class SessionTimeoutSpecs : TestKit
{
    private readonly ScriptedSession _session = new(change: spec => spec with { Timeout = TimeSpan.FromMinutes(5) });

    public SessionTimeoutSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    [Fact]
    public async Task A_session_that_takes_too_long_is_killed()
    {
        Sys.ActorOf(SessionActor.Props(_session.Handle, _session.Context, _session.Plan, null));
        await _session.Tracer.ExpectAsync(TracerCommandKind.Launch);

        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(5));

        await _session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
    }

    [Fact]
    public async Task Its_result_says_so()
    {
        Sys.ActorOf(SessionActor.Props(_session.Handle, _session.Context, _session.Plan, null));
        await _session.Tracer.ExpectAsync(TracerCommandKind.Launch);
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(5));
        await _session.Tracer.ExpectAsync(TracerCommandKind.KillSession);

        ((ISessionSink)_session.Handle).LaunchFailed("the stub died before it was let go", 0, Policy.Errno.ESRCH);

        Assert.Equal(EndReason.TimedOut, (await _session.Handle.Completion).Reason);
    }

    [Fact]
    public async Task A_session_that_is_in_time_is_left_alone()
    {
        Sys.ActorOf(SessionActor.Props(_session.Handle, _session.Context, _session.Plan, null));
        await _session.Tracer.ExpectAsync(TracerCommandKind.Launch);

        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        ((ISessionSink)_session.Handle).Spawned(ScriptedSession.Root);

        await _session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        Assert.DoesNotContain(_session.Tracer.Sent, command => command.Kind == TracerCommandKind.KillSession);
    }
}
