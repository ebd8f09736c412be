using System.Runtime.InteropServices;
using Catbox.Host.Running;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

public sealed class SignalForwarderTests
{
    private readonly FakeSandbox _sandbox = new();
    private readonly ManualClock _clock = new();

    private SignalForwarder Forwarder(Func<Sandbox, int, bool>? hasReached = null, ulong ignored = 0, bool attached = true)
    {
        var forwarder = new SignalForwarder(hasReached, ignored, _clock);
        if (attached)
        {
            forwarder.Attach(_sandbox);
        }

        return forwarder;
    }

    /// <summary>Sends a signal, and lets it arrive.</summary>
    private PosixSignalContext Send(SignalForwarder forwarder, PosixSignal signal)
    {
        var context = SendAtOnce(forwarder, signal);
        _clock.Pass();
        return context;
    }

    private static PosixSignalContext SendAtOnce(SignalForwarder forwarder, PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        forwarder.OnSignal(context);
        return context;
    }

    [Theory]
    [InlineData(PosixSignal.SIGHUP, 1)]
    [InlineData(PosixSignal.SIGINT, 2)]
    [InlineData(PosixSignal.SIGQUIT, 3)]
    [InlineData(PosixSignal.SIGTERM, 15)]
    public void A_signal_is_passed_on_to_the_guests_group(PosixSignal signal, int number)
    {
        using var forwarder = Forwarder();
        Assert.True(Send(forwarder, signal).Cancel);
        Assert.Equal([(number, true)], _sandbox.Signals);
    }

    [Fact]
    public void A_second_one_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, PosixSignal.SIGINT);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
        Assert.Single(_sandbox.Signals);
    }

    [Fact]
    public void The_same_one_again_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, PosixSignal.SIGTERM);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void The_same_one_in_the_same_moment_is_one_request()
    {
        using var forwarder = Forwarder();
        SendAtOnce(forwarder, PosixSignal.SIGTERM);
        Assert.Empty(_sandbox.Signals);
        Assert.True(Send(forwarder, PosixSignal.SIGTERM).Cancel);
        Assert.Equal(0, _sandbox.Kills);
        Assert.Single(_sandbox.Signals);
    }

    [Fact]
    public void Another_one_in_the_same_moment_is_a_second_request()
    {
        using var forwarder = Forwarder();
        SendAtOnce(forwarder, PosixSignal.SIGINT);
        SendAtOnce(forwarder, PosixSignal.SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void A_hang_up_is_passed_on_each_time_and_never_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, PosixSignal.SIGHUP);
        Send(forwarder, PosixSignal.SIGHUP);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal([(1, true), (1, true), (15, true)], _sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGQUIT)]
    public void What_the_guest_has_got_by_itself_is_not_passed_on_twice_and_does_not_count(PosixSignal signal)
    {
        using var forwarder = Forwarder((_, _) => true);
        Assert.True(Send(forwarder, signal).Cancel);
        Send(forwarder, signal);
        Assert.Empty(_sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Fact]
    public void A_guest_in_our_group_gets_it_alone_and_not_its_group()
    {
        using var forwarder = Forwarder((_, _) => false);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal([(15, false)], _sandbox.Signals);
    }

    [Fact]
    public void A_signal_before_there_is_a_guest_is_its_first_though_it_came_to_the_group()
    {
        using var forwarder = Forwarder((_, _) => true, attached: false);
        Send(forwarder, PosixSignal.SIGINT);
        Send(forwarder, PosixSignal.SIGINT);
        Assert.Equal(2, forwarder.EarlySignal);
        forwarder.Attach(_sandbox);
        _clock.Pass();
        Assert.Equal([(2, false)], _sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Fact]
    public void Two_signals_before_there_is_a_guest_kill_it()
    {
        using var forwarder = Forwarder(attached: false);
        Send(forwarder, PosixSignal.SIGINT);
        Send(forwarder, PosixSignal.SIGTERM);
        forwarder.Attach(_sandbox);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void Nothing_is_passed_on_after_the_end()
    {
        var forwarder = Forwarder();
        SendAtOnce(forwarder, PosixSignal.SIGTERM);
        forwarder.Dispose();
        _clock.Pass();
        Assert.Empty(_sandbox.Signals);
    }

    /// <summary>A clock whose timers fall due when the test says so.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<Action> _due = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(SignalForwarder.Echo, dueTime);
            _due.Add(() => callback(state));
            return new FakeTimer();
        }

        public void Pass()
        {
            _due.ForEach(static due => due());
            _due.Clear();
        }
    }

    private sealed class FakeTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
