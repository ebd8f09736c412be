using System.Runtime.InteropServices;
using Catbox.Host.Running;

namespace Catbox.Host.Tests.Running;

public sealed class SignalForwarderTests
{
    private readonly FakeSandbox _sandbox = new();

    private static PosixSignalContext Send(SignalForwarder forwarder, PosixSignal signal)
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
        using var forwarder = new SignalForwarder(sharesTerminal: false, CancellationToken.None);
        forwarder.Attach(_sandbox);
        Assert.True(Send(forwarder, signal).Cancel);
        Assert.Equal([(number, true)], _sandbox.Signals);
    }

    [Fact]
    public void A_second_one_kills()
    {
        using var forwarder = new SignalForwarder(sharesTerminal: false, CancellationToken.None);
        forwarder.Attach(_sandbox);
        Send(forwarder, PosixSignal.SIGINT);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal(1, _sandbox.Kills);
        Assert.Single(_sandbox.Signals);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGQUIT)]
    public void What_the_keyboard_sends_is_not_passed_on_twice(PosixSignal signal)
    {
        using var forwarder = new SignalForwarder(sharesTerminal: true, CancellationToken.None);
        forwarder.Attach(_sandbox);
        Assert.True(Send(forwarder, signal).Cancel);
        Send(forwarder, signal);
        Assert.Empty(_sandbox.Signals);
        Assert.Equal(0, _sandbox.Kills);
    }

    [Fact]
    public void A_guest_that_shares_the_terminal_gets_TERM_alone_and_not_its_group()
    {
        using var forwarder = new SignalForwarder(sharesTerminal: true, CancellationToken.None);
        forwarder.Attach(_sandbox);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.Equal([(15, false)], _sandbox.Signals);
    }

    [Fact]
    public void A_signal_before_there_is_a_guest_cancels_the_start()
    {
        using var forwarder = new SignalForwarder(sharesTerminal: false, CancellationToken.None);
        Send(forwarder, PosixSignal.SIGTERM);
        Assert.True(forwarder.StartCancelled.IsCancellationRequested);
    }
}
