using System.Net.Sockets;
using Catbox.Policy;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>The path of a socket, which the kernel walks again after each wait: nothing on its way changes while it does.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class WalkTests : IDisposable
{
    private readonly EngineFixture _engine;
    private readonly Scratch _scratch = new();
    private readonly Socket _outside = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public WalkTests(EngineFixture engine)
    {
        _engine = engine;
        _outside.Bind(new UnixDomainSocketEndPoint(_scratch.Out("s")));
        _outside.Listen(4);
    }

    private bool IsReached => _outside.Poll(0, SelectMode.SelectRead);

    [SkippableTheory]
    [InlineData("forever")]
    [InlineData("timeout")]
    public async Task A_socket_is_not_reached_by_exchanging_its_directory_while_a_connect_waits(string how)
    {
        var run = (await RunAsync("exchange", how)).Succeeded();
        Assert.Equal($"{Errno.EACCES.Value}\n", run.Output);
        Assert.False(IsReached);
        run.HasViolations(1, "connect", _scratch.Out("s"));
    }

    [SkippableFact]
    public void Unconfined_it_is_reached_so()
    {
        Assert.Equal("0\n", Unconfined.RunGuest("walks_again", _scratch.Inside, "exchange", "forever", _scratch.Inside, _scratch.Outside).Succeeded().Output);
        Assert.True(IsReached);
    }

    [SkippableTheory]
    [InlineData("forever")]
    [InlineData("timeout")]
    public async Task A_connect_that_waits_does_not_notice_that_other_things_are_renamed(string how)
    {
        var run = (await RunAsync("rename", how)).Succeeded();
        Assert.Equal("0\n", run.Output);
        run.HasNoViolations();
    }

    public void Dispose()
    {
        _outside.Dispose();
        _scratch.Dispose();
    }

    private Task<GuestRun> RunAsync(string change, string how) =>
        _engine.RunGuestAsync("walks_again", _scratch, change, how, _scratch.Inside, _scratch.Outside);
}
