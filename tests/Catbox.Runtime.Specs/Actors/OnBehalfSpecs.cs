using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;
using Catbox.Testing;
using Xunit;
using static Catbox.Runtime.Specs.Actors.ScriptedSession;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>What becomes of a call that the tracer makes in the guest's place.</summary>
public sealed class OnBehalfSpecs : TestKit
{
    private readonly TestProbe _parent;

    public OnBehalfSpecs() => _parent = CreateTestProbe();

    [Fact]
    public async Task What_the_call_came_to_is_the_answer()
    {
        var session = new ScriptedSession();
        session.Tracer.Calls = new Scripted(BehalfOutcome.Done, -Errno.ENOTEMPTY.Value);
        var guest = await StartAsync(session);

        var sequence = guest.Enter("rmdir", "/work/directory");

        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal((sequence, -Errno.ENOTEMPTY.Value), (answer.Sequence, (int)answer.Value));
        Assert.Empty(session.TakeViolations());
    }

    [Fact]
    public async Task A_path_that_leads_elsewhere_by_now_is_judged_again()
    {
        var session = new ScriptedSession();
        session.Tracer.Calls = new Scripted(BehalfOutcome.JudgeAgain, 0);
        var guest = await StartAsync(session);

        var first = guest.Enter("chmod", "/work/file", 0x1ff);
        Assert.Equal(first, (await session.Tracer.ExpectAsync(TracerCommandKind.Retry)).Sequence);

        session.Tracer.Paths.Links["/work/file"] = "/etc/passwd";
        var second = guest.Enter("chmod", "/work/file", 0x1ff);
        var answer = await session.Tracer.ExpectAsync(TracerCommandKind.Answer);
        Assert.Equal((second, -Errno.EACCES.Value), (answer.Sequence, (int)answer.Value));
    }

    [Fact]
    public async Task A_change_that_the_tracer_lets_wait_is_judged_again_at_its_next_stop()
    {
        var session = new ScriptedSession();
        session.Tracer.Calls = new WaitsOnce();
        var guest = await StartAsync(session);

        guest.Enter("rename", "/work/file", "/work/other");
        var second = guest.Enter("rename", "/work/file", "/work/other");

        // The first thing that the tracer is told.
        Assert.Equal(second, (await session.Tracer.ExpectAsync(TracerCommandKind.Answer)).Sequence);
    }

    [Fact]
    public async Task What_could_hold_the_loop_goes_on_as_it_stands()
    {
        var session = new ScriptedSession();
        session.Tracer.Calls = new Scripted(BehalfOutcome.AsItStands, 0);
        var guest = await StartAsync(session);

        var sequence = guest.Enter("chmod", "/work/file", 0x1ff);

        Assert.Equal(sequence, (await session.Tracer.ExpectAsync(TracerCommandKind.Resume)).Sequence);
    }

    [Fact]
    public async Task A_call_that_throws_kills_the_session()
    {
        var session = new ScriptedSession();
        session.Tracer.Calls = new Scripted(null, 0);
        var guest = await StartAsync(session);

        guest.Enter("unlink", "/work/file");

        await session.Tracer.ExpectAsync(TracerCommandKind.KillSession);
    }

    [Theory]
    [InlineData("setuid", 24, true)]
    [InlineData("capset", 24, true)]
    [InlineData("prctl", 24, true)]
    [InlineData("prctl", 28, true)]
    [InlineData("prctl", 22, false)]
    [InlineData("prctl", 15, false)]
    [InlineData("seccomp", 1, false)]
    [InlineData("rmdir", 0, false)]
    public async Task Who_changes_credentials_is_noted_before_the_call_is_made(string call, int first, bool noted)
    {
        var session = new ScriptedSession();
        session.Context.Traced.Credentials = GuestCredentials.TheTracers;
        session.Tracer.Calls = new Scripted(BehalfOutcome.AsItStands, 0);
        var guest = await StartAsync(session);

        guest.Enter(call, call == "rmdir" ? "/work/x" : first);

        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        Assert.Equal(noted ? GuestCredentials.Various : GuestCredentials.TheTracers, session.Context.Traced.Credentials);
    }

    private async Task<ScriptedThread> StartAsync(ScriptedSession session)
    {
        await _parent.ChildActorOfAsync(ProcessActor.Props(session.Context, Root, 1, 0, 0, string.Empty));
        await session.Tracer.ExpectAsync(TracerCommandKind.AdoptProcess);
        var guest = session.Tracer.Thread(Root);
        guest.Start();
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);

        // Until then it is the launch's own stub.
        guest.Exec("/bin/guest");
        await session.Tracer.ExpectAsync(TracerCommandKind.Resume);
        return guest;
    }

    private sealed class WaitsOnce : ICallsOnBehalf
    {
        private bool _hasWaited;

        public BehalfOutcome Perform(GuestCall call, out long answer)
        {
            answer = 0;
            (var hasWaited, _hasWaited) = (_hasWaited, true);
            return hasWaited ? BehalfOutcome.Done : BehalfOutcome.Waits;
        }
    }

    private sealed class Scripted(BehalfOutcome? outcome, long result) : ICallsOnBehalf
    {
        public BehalfOutcome Perform(GuestCall call, out long answer)
        {
            answer = result;
            return outcome ?? throw new InvalidOperationException("scripted");
        }
    }
}
