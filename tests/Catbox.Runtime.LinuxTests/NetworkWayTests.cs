using System.Net;
using System.Net.Sockets;
using Catbox.Policy;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Where rules tell addresses apart, a packet goes where its address says; where the network is on and there is no rule, nothing is held back.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class NetworkWayTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("4", "1", "25", "SO_BINDTODEVICE")]
    [InlineData("4", "1", "36", "SO_MARK")]
    [InlineData("4", "1", "62", "SO_BINDTOIFINDEX")]
    [InlineData("4", "0", "4", "IP_OPTIONS")]
    [InlineData("4", "0", "17", "IP_XFRM_POLICY")]
    [InlineData("4", "0", "19", "IP_TRANSPARENT")]
    [InlineData("4", "0", "50", "IP_UNICAST_IF")]
    [InlineData("4", "0", "64", "IPT_SO_SET_REPLACE")]
    [InlineData("4", "6", "19", "TCP_REPAIR")]
    [InlineData("6", "41", "6", "IPV6_2292PKTOPTIONS")]
    [InlineData("6", "41", "32", "IPV6_FLOWLABEL_MGR")]
    [InlineData("6", "41", "50", "IPV6_PKTINFO")]
    [InlineData("6", "41", "54", "IPV6_HOPOPTS")]
    [InlineData("6", "41", "55", "IPV6_RTHDRDSTOPTS")]
    [InlineData("6", "41", "57", "IPV6_RTHDR")]
    [InlineData("6", "41", "59", "IPV6_DSTOPTS")]
    [InlineData("6", "0", "4", "IP_OPTIONS")]
    public async Task Under_rules_an_option_that_gives_packets_another_way_is_refused(string family, string level, string number, string name)
    {
        using var scratch = new Scratch();
        var run = await RunAsync(Rules(scratch, 9), scratch, "socket_options", family, "option", level, number);
        Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1, "setsockopt", name).Output);
    }

    [SkippableTheory]
    [InlineData("4", "0", "1")]
    [InlineData("4", "0", "8")]
    [InlineData("4", "0", "9")]
    [InlineData("4", "1", "2")]
    [InlineData("6", "41", "49")]
    [InlineData("6", "41", "67")]
    [InlineData("none", "0", "4")]
    [InlineData("file", "41", "57")]
    public async Task Under_rules_the_rest_is_as_outside(string family, string level, string number)
    {
        using var scratch = new Scratch();
        var natively = Unconfined.RunGuest("socket_options", scratch.Inside, family, "option", level, number).Succeeded().Output;
        Assert.Equal(natively, (await RunAsync(Rules(scratch, 9), scratch, "socket_options", family, "option", level, number)).Succeeded().HasNoViolations().Output);
    }

    [SkippableTheory]
    [InlineData("4", "0", "7", "0")] // IP_RETOPTS
    [InlineData("4", "0", "8", "1")] // IP_PKTINFO with a link
    [InlineData("4", "1", "36", "0")] // SO_MARK
    [InlineData("6", "41", "50", "1")] // IPV6_PKTINFO with a link
    [InlineData("6", "41", "54", "0")] // IPV6_HOPOPTS
    [InlineData("6", "41", "57", "0")] // IPV6_RTHDR
    [InlineData("6", "41", "5", "0")] // IPV6_2292RTHDR
    public async Task Under_rules_no_control_message_gives_a_packet_another_way(string family, string level, string type, string link)
    {
        using var scratch = new Scratch();
        using var receiver = Receiver(family);
        foreach (var call in new[] { "sendmsg", "sendmmsg" })
        {
            var run = await SendAsync(scratch, call, receiver, family, level, type, link);
            Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1, call, "control message").Output);
            Assert.False(receiver.Poll(0, SelectMode.SelectRead));
        }
    }

    [SkippableTheory]
    [InlineData("4", "0", "2", "0")] // IP_TTL
    [InlineData("4", "0", "8", "0")] // IP_PKTINFO, a sender alone
    [InlineData("6", "41", "67", "0")] // IPV6_TCLASS
    [InlineData("6", "41", "50", "0")]
    public async Task Under_rules_other_control_messages_arrive(string family, string level, string type, string link)
    {
        using var scratch = new Scratch();
        using var receiver = Receiver(family);
        foreach (var call in new[] { "sendmsg", "sendmmsg" })
        {
            Assert.Equal("0\n", (await SendAsync(scratch, call, receiver, family, level, type, link)).Succeeded().HasNoViolations().Output);
            Assert.True(receiver.Poll(5_000_000, SelectMode.SelectRead));
            Assert.Equal(5, receiver.Receive(new byte[9]));
        }
    }

    [SkippableTheory]
    [InlineData("send")]
    [InlineData("sendto")]
    [InlineData("sendmsg")]
    [InlineData("write")]
    [InlineData("writev")]
    [InlineData("splice")]
    public async Task Under_rules_the_socket_of_name_lookups_changes_nothing_whichever_call_writes_to_it(string call)
    {
        using var scratch = new Scratch();
        Assert.Equal($"{Errno.EPERM.Value}\n", (await RunAsync(Rules(scratch, 9), scratch, "netlink_writes", call)).Succeeded().HasNoViolations().Output);
        var natively = Unconfined.RunGuest("netlink_writes", scratch.Inside, call).Succeeded().Output;
        Assert.Equal(natively, (await RunAsync(scratch.Policy with { Network = NetworkMode.On }, scratch, "netlink_writes", call)).Succeeded().Output);
    }

    [SkippableTheory]
    [InlineData("4", "0", "4")]
    [InlineData("4", "0", "50")]
    [InlineData("6", "41", "57")]
    [InlineData("4", "1", "36")]
    public async Task With_the_network_on_options_are_as_outside(string family, string level, string number)
    {
        using var scratch = new Scratch();
        var natively = Unconfined.RunGuest("socket_options", scratch.Inside, family, "option", level, number).Succeeded().Output;
        var run = await RunAsync(scratch.Policy with { Network = NetworkMode.On }, scratch, "socket_options", family, "option", level, number);
        Assert.Equal(natively, run.Succeeded().HasNoViolations().Output);
    }

    private static SandboxPolicy Rules(Scratch scratch, int port) => scratch.Policy with
    {
        NetworkRules =
        [
            new NetworkRule(true, new IPNetwork(IPAddress.Loopback, 32), (ushort)port, (ushort)port, NetworkDirection.Connect, null),
            new NetworkRule(true, new IPNetwork(IPAddress.IPv6Loopback, 128), (ushort)port, (ushort)port, NetworkDirection.Connect, null),
        ],
    };

    private static Socket Receiver(string family)
    {
        Skip.If(family == "6" && !Socket.OSSupportsIPv6, "this machine has no IPv6");
        var address = family == "6" ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private Task<GuestRun> SendAsync(Scratch scratch, string call, Socket receiver, string family, string level, string type, string link)
    {
        var port = ((IPEndPoint)receiver.LocalEndPoint!).Port;
        var spec = EngineFixture.Guest(
            "socket_options", scratch, GuestString.FromString(family), "control", GuestString.FromString(level), GuestString.FromString(type), GuestString.FromString(link),
            GuestString.FromString(port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        spec = spec with { Policy = Rules(scratch, port) };
        return engine.RunAsync(call == "sendmmsg" ? spec with { Environment = spec.Environment.SetItem("SENDMMSG", "1") } : spec);
    }

    private Task<GuestRun> RunAsync(SandboxPolicy policy, Scratch scratch, string guest, params string[] arguments) =>
        engine.RunAsync(EngineFixture.Guest(guest, scratch, [.. arguments.Select(GuestString.FromString)]) with { Policy = policy });
}
