using System.Threading.Channels;
using Akka.TestKit.Xunit2;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Runtime.Specs.Sessions;

/// <summary>The host's end of a session: its readers of events, and its end where nobody answers.</summary>
public sealed class SandboxSessionSpecs : TestKit
{
    private static readonly SandboxSpec Spec = new() { Command = ["guest"] };

    [Fact]
    public async Task A_reader_sees_what_happens_between_its_call_and_its_first_step()
    {
        var session = Session();
        var reader = session.ReadEventsAsync();

        session.Publish(Started(7));
        session.Publish(Started(8));
        session.Abandon("over");

        Assert.Equal([7, 8], await PidsAsync(reader));
    }

    [Fact]
    public async Task A_reader_that_has_ended_ends_at_once_when_it_is_enumerated_again()
    {
        var session = Session();
        var reader = session.ReadEventsAsync();
        session.Publish(Started(7));
        await foreach (var _ in reader)
        {
            break;
        }

        Assert.False(session.HasReaders);
        Assert.Empty(await PidsAsync(reader));
    }

    [Fact]
    public async Task A_reader_that_was_given_at_the_start_sees_every_event_and_the_end()
    {
        var channel = Channel.CreateUnbounded<SandboxEvent>();
        var session = Session(channel);
        Assert.True(session.HasReaders);

        session.Publish(Started(7));
        session.Publish(Started(8));
        session.Abandon("over");

        Assert.Equal([7, 8], await PidsAsync(channel.Reader.ReadAllAsync()));
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_ever_for_an_actor_that_does_not_answer()
    {
        var session = Session();
        session.Attach(TestActor);
        session.Start(4711);

        await session.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        await ExpectMsgAsync<SessionProtocol.Kill>();
        var result = await session.Completion;
        Assert.Equal(EndReason.Faulted, result.Reason);
        Assert.Contains("4711", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_ever_for_an_actor_that_never_came()
    {
        var session = Session();

        await session.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(EndReason.Faulted, (await session.Completion).Reason);
        await Assert.ThrowsAsync<SandboxLaunchException>(() => session.Started);
    }

    [Fact]
    public async Task An_end_in_time_is_told_as_it_was()
    {
        var session = Session(patience: TimeSpan.FromMinutes(10));
        session.Attach(TestActor);
        var disposal = session.DisposeAsync();
        await ExpectMsgAsync<SessionProtocol.Kill>();

        session.Complete(Ended(EndReason.Killed));
        await disposal;

        Assert.Equal(EndReason.Killed, (await session.Completion).Reason);
    }

    private static SandboxSession Session(Channel<SandboxEvent>? events = null, TimeSpan? patience = null) =>
        new(1, StandardStreams.Open(Spec), null) { Events = events?.Writer, Patience = patience ?? TimeSpan.FromMilliseconds(50) };

    private static ProcessStarted Started(int pid) => new(pid, pid, DateTimeOffset.UnixEpoch, 0);

    private static SandboxResult Ended(EndReason reason) => new()
    {
        Reason = reason,
        Exit = new ExitStatus(0, 9, false),
        Violations = [],
        ViolationCount = 0,
        Processes = [],
        WallTime = default,
        UserTime = default,
        SystemTime = default,
        PeakMemory = 0,
        Stops = new StopCounts(),
    };

    private static async Task<List<int>> PidsAsync(IAsyncEnumerable<SandboxEvent> events) =>
        await events.Select(static happened => happened.Pid).ToListAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
