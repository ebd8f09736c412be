using Catbox.Host.Running;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

public sealed class SignalForwarderTests
{
    private readonly FakeSandbox _sandbox = new();
    private readonly ManualClock _clock = new();

    private const int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGTERM = 15, SIGTSTP = 20;

    private SignalForwarder Forwarder(Func<Sandbox, int, bool>? hasReached = null, bool attached = true)
    {
        var forwarder = new SignalForwarder(hasReached, _clock);
        if (attached)
        {
            forwarder.Attach(_sandbox);
        }

        return forwarder;
    }

    /// <summary>Sends a signal, and lets it arrive.</summary>
    private void Send(SignalForwarder forwarder, int signal)
    {
        forwarder.OnSignal(signal, isKernels: false);
        _clock.Pass();
    }

    [Theory]
    [InlineData(SIGHUP)]
    [InlineData(SIGINT)]
    [InlineData(SIGQUIT)]
    [InlineData(SIGTERM)]
    public void A_signal_is_passed_on_to_the_guests_group(int signal)
    {
        using var forwarder = Forwarder();
        Send(forwarder, signal);
        Assert.Equal([(signal, true)], _sandbox.Signals);
    }

    [Fact]
    public void What_stops_a_job_is_passed_on_unless_the_kernel_has_sent_it_to_the_guest_too()
    {
        using var forwarder = Forwarder();
        forwarder.OnSignal(SIGTSTP, isKernels: true);
        _clock.Pass();
        Assert.Empty(_sandbox.Signals);
        Send(forwarder, SIGTSTP);
        Send(forwarder, SIGTSTP);
        Send(forwarder, SIGTERM);
        Assert.Equal([(SIGTSTP, true), (SIGTSTP, true), (SIGTERM, true)], _sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Fact]
    public void What_stops_a_job_before_there_is_a_guest_stops_us()
    {
        using var forwarder = Forwarder(attached: false);
        Assert.False(forwarder.OnSignal(SIGTSTP, isKernels: true));
        Assert.Equal(0, forwarder.EarlySignal);
        forwarder.Attach(_sandbox);
        Assert.True(forwarder.OnSignal(SIGTSTP, isKernels: true));
    }

    [Theory]
    [InlineData(false, 0ul, new[] { SIGHUP, SIGINT, SIGQUIT, SIGTERM })]
    [InlineData(true, 0ul, new[] { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, 21, 22 })]
    [InlineData(true, 1ul, new[] { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, 21, 22 })]
    public void What_we_were_started_with_ignored_is_not_taken(bool sharesTerminal, ulong ignored, int[] signals) =>
        Assert.Equal(signals, SignalForwarder.Signals(sharesTerminal, ignored));

    [Fact]
    public void A_second_one_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, SIGINT);
        Send(forwarder, SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
        Assert.Single(_sandbox.Signals);
    }

    [Fact]
    public void The_same_one_again_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, SIGTERM);
        Send(forwarder, SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void The_same_one_in_the_same_moment_is_one_request()
    {
        using var forwarder = Forwarder();
        forwarder.OnSignal(SIGTERM, isKernels: false);
        Assert.Empty(_sandbox.Signals);
        Send(forwarder, SIGTERM);
        Assert.Equal(0, _sandbox.Kills);
        Assert.Single(_sandbox.Signals);
    }

    [Fact]
    public void Another_one_in_the_same_moment_is_a_second_request()
    {
        using var forwarder = Forwarder();
        forwarder.OnSignal(SIGINT, isKernels: false);
        forwarder.OnSignal(SIGTERM, isKernels: false);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void A_hang_up_is_passed_on_each_time_and_never_kills()
    {
        using var forwarder = Forwarder();
        Send(forwarder, SIGHUP);
        Send(forwarder, SIGHUP);
        Send(forwarder, SIGTERM);
        Assert.Equal([(1, true), (1, true), (15, true)], _sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGQUIT)]
    public void What_the_guest_has_got_by_itself_is_not_passed_on_twice_and_does_not_count(int signal)
    {
        using var forwarder = Forwarder((_, _) => true);
        Send(forwarder, signal);
        Send(forwarder, signal);
        Assert.Empty(_sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Fact]
    public void A_guest_in_our_group_gets_it_alone_and_not_its_group()
    {
        using var forwarder = Forwarder((_, _) => false);
        Send(forwarder, SIGTERM);
        Assert.Equal([(15, false)], _sandbox.Signals);
    }

    [Fact]
    public void A_signal_before_there_is_a_guest_is_its_first_though_it_came_to_the_group()
    {
        using var forwarder = Forwarder((_, _) => true, attached: false);
        Send(forwarder, SIGINT);
        Send(forwarder, SIGINT);
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
        Send(forwarder, SIGINT);
        Send(forwarder, SIGTERM);
        forwarder.Attach(_sandbox);
        Assert.Equal(1, _sandbox.Kills);
    }

    [Fact]
    public void Nothing_is_passed_on_after_the_end()
    {
        var forwarder = Forwarder();
        forwarder.OnSignal(SIGTERM, isKernels: false);
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
