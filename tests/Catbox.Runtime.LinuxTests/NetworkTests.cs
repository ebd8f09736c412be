using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Every call that can reach or offer an address, under each network mode; nothing leaves the loopback.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class NetworkTests(EngineFixture engine)
{
    private static readonly ImmutableArray<string> s_sends = ["sendto", "sendmsg", "sendmmsg"];

    public static TheoryData<string> Sends => [.. s_sends];

    [SkippableTheory]
    [InlineData("connect", "SOCK_STREAM")]
    [InlineData("fastopen", "SOCK_STREAM")]
    [InlineData("bind", "SOCK_STREAM")]
    [InlineData("listen", "SOCK_STREAM")]
    [InlineData("sendto", "SOCK_DGRAM")]
    [InlineData("sendmsg", "SOCK_DGRAM")]
    [InlineData("sendmmsg", "SOCK_DGRAM")]
    public async Task With_the_network_off_it_ends_with_the_socket(string call, string type)
    {
        using var scratch = new Scratch();
        foreach (var (address, family) in new[] { ("4:127.0.0.1:9", "AF_INET"), ("6:::1:9", "AF_INET6") })
        {
            var run = (await engine.RunGuestAsync("reaches", scratch, call, address)).ExitedWith(Errno.EACCES.Value);
            run.HasViolations(1, "socket", $"{family} {type}");
        }
    }

    [SkippableTheory]
    [InlineData(17, 3, "AF_PACKET SOCK_RAW")]
    [InlineData(2, 10, "AF_PACKET type 10")]
    [InlineData(2, 3, "AF_INET SOCK_RAW")]
    [InlineData(40, 1, "AF_VSOCK SOCK_STREAM")]
    [InlineData(38, 5, "AF_ALG SOCK_SEQPACKET")]
    [InlineData(16, 3, "AF_NETLINK SOCK_RAW protocol 15", 15)]
    [InlineData(2, 1, "AF_INET SOCK_STREAM protocol 262", 262)]
    [InlineData(10, 1, "AF_INET6 SOCK_STREAM protocol 262", 262)]
    [InlineData(2, 5, "AF_INET SOCK_SEQPACKET protocol 132", 132)]
    public async Task A_socket_that_nobody_judges_is_refused_under_every_mode_or_is_what_the_kernel_makes_for_nobody(int family, int type, string text, int protocol = 0)
    {
        using var scratch = new Scratch();
        GuestString[] arguments = [Text(family), Text(type), Text(protocol)];
        var outside = Unconfined.RunGuest("opens_socket", scratch.Inside, $"{family}", $"{type}", $"{protocol}").Code;
        foreach (var policy in new[] { scratch.Policy, Only(scratch, NetworkDirection.Connect, 9), On(scratch) })
        {
            var run = await engine.RunAsync(EngineFixture.Guest("opens_socket", scratch, arguments) with { Policy = policy });
            if (outside != 0)
            {
                run.ExitedWith(outside).HasNoViolations();
                continue;
            }

            run.ExitedWith(Errno.EACCES.Value).HasViolations(1, "socket", text);
            Assert.Equal(ViolationSubject.Socket, run.Result.Violations[0].Subject);
        }
    }

    [SkippableFact]
    public async Task The_route_socket_that_name_lookup_needs_works_where_a_destination_may()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("opens_socket", scratch, "16", "3", "0");
        (await engine.RunAsync(spec)).ExitedWith(Errno.EACCES.Value).HasViolations(1, "socket", "AF_NETLINK SOCK_RAW");
        (await engine.RunAsync(spec with { Policy = Only(scratch, NetworkDirection.Connect, 9) })).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("4:127.0.0.1")]
    [InlineData("6:::ffff:127.0.0.1")]
    [InlineData("6:::1")]
    public async Task Under_rules_a_connection_reaches_the_allowed_port_alone(string address)
    {
        using var scratch = new Scratch();
        using var open = Listen(address, SocketType.Stream);
        using var shut = Listen(address, SocketType.Stream);
        var policy = Only(scratch, NetworkDirection.Connect, Port(open), IPAddress.Parse(address[2..]));
        (await ReachAsync(scratch, policy, "connect", $"{address}:{Port(open)}")).Succeeded().HasNoViolations();
        Assert.True(open.Poll(Seconds(5), SelectMode.SelectRead));

        (await ReachAsync(scratch, policy, "connect", $"{address}:{Port(shut)}"))
            .ExitedWith(Errno.EACCES.Value).HasViolations(1, "connect", $"{address[2..]}:{Port(shut)}");
        Assert.False(shut.Poll(0, SelectMode.SelectRead));
    }

    [SkippableFact]
    public async Task Under_rules_MSG_FASTOPEN_is_a_connection_too()
    {
        using var scratch = new Scratch();
        using var open = Listen("4:127.0.0.1", SocketType.Stream);
        using var shut = Listen("4:127.0.0.1", SocketType.Stream);
        var policy = Only(scratch, NetworkDirection.Connect, Port(open));
        (await ReachAsync(scratch, policy, "fastopen", $"4:127.0.0.1:{Port(shut)}"))
            .ExitedWith(Errno.EACCES.Value).HasViolations(1, "sendto", $"127.0.0.1:{Port(shut)}");
        Assert.False(shut.Poll(0, SelectMode.SelectRead));

        // tcp_fastopen(7): bit 0 lets clients; without it the call is EOPNOTSUPP, outside as well.
        const string Setting = "/proc/sys/net/ipv4/tcp_fastopen";
        Skip.IfNot(File.Exists(Setting) && (int.Parse(File.ReadAllText(Setting), CultureInfo.InvariantCulture) & 1) != 0, "TCP fast open is off");
        (await ReachAsync(scratch, policy, "fastopen", $"4:127.0.0.1:{Port(open)}")).Succeeded().HasNoViolations();
        Assert.True(open.Poll(Seconds(5), SelectMode.SelectRead));
    }

    [SkippableTheory]
    [MemberData(nameof(Sends))]
    public async Task Under_rules_a_datagram_reaches_the_allowed_port_alone(string call)
    {
        using var scratch = new Scratch();
        using var open = Listen("4:127.0.0.1", SocketType.Dgram);
        using var shut = Listen("4:127.0.0.1", SocketType.Dgram);
        var policy = Only(scratch, NetworkDirection.Connect, Port(open));
        (await ReachAsync(scratch, policy, call, $"4:127.0.0.1:{Port(open)}")).Succeeded().HasNoViolations();
        Assert.Equal("hello", Receive(open));

        // The kernel takes the family 0 for AF_INET here (net/ipv4/udp.c).
        foreach (var family in "40")
        {
            (await ReachAsync(scratch, policy, call, $"{family}:127.0.0.1:{Port(shut)}"))
                .ExitedWith(Errno.EACCES.Value).HasViolations(1, call, $"127.0.0.1:{Port(shut)}");
            Assert.False(shut.Poll(0, SelectMode.SelectRead));
        }
    }

    [SkippableFact]
    public async Task A_socket_may_be_disconnected_under_rules()
    {
        using var scratch = new Scratch();
        using var open = Listen("4:127.0.0.1", SocketType.Dgram);
        var spec = EngineFixture.Guest("disconnects", scratch, Text(Port(open))) with { Policy = Only(scratch, NetworkDirection.Connect, Port(open)) };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task Under_rules_only_the_allowed_port_is_bound()
    {
        using var scratch = new Scratch();
        var (open, shut) = (FreePort(), FreePort());
        var policy = Only(scratch, NetworkDirection.Bind, open);
        (await ReachAsync(scratch, policy, "bind", $"4:127.0.0.1:{open}")).Succeeded().HasNoViolations();
        (await ReachAsync(scratch, policy, "bind", $"4:127.0.0.1:{shut}")).ExitedWith(Errno.EACCES.Value).HasViolations(1, "bind", $"127.0.0.1:{shut}");
        (await ReachAsync(scratch, policy, "bind", $"4:0.0.0.0:{open}")).ExitedWith(Errno.EACCES.Value).HasViolations(1, "bind", $"0.0.0.0:{open}");
        (await ReachAsync(scratch, policy, "connect", $"4:127.0.0.1:{open}")).ExitedWith(Errno.EACCES.Value).HasViolations(1, "connect", $"127.0.0.1:{open}");
    }

    [SkippableTheory]
    [InlineData("4:127.0.0.1:0", "0.0.0.0:0")]
    [InlineData("6:::1:0", ":::0")]
    public async Task Under_rules_listen_without_bind_offers_any_address_and_is_refused(string family, string text)
    {
        using var scratch = new Scratch();
        var run = await ReachAsync(scratch, Only(scratch, NetworkDirection.Bind, FreePort()), "listen", family);
        run.ExitedWith(Errno.EACCES.Value).HasViolations(1, "listen", text);
        Assert.Equal(ViolationSubject.Bind, run.Result.Violations[0].Subject);
    }

    [SkippableTheory]
    [InlineData("bind", "4:127.0.0.1:0")]
    [InlineData("bind", "4:0.0.0.0:0")]
    [InlineData("bind", "@catbox-test-bound")]
    [InlineData("listen", "4:127.0.0.1:0")]
    public async Task With_the_network_on_addresses_are_offered(string call, string address)
    {
        using var scratch = new Scratch();
        (await ReachAsync(scratch, On(scratch), call, address)).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [MemberData(nameof(Sends))]
    public async Task With_the_network_on_datagrams_arrive(string call)
    {
        using var scratch = new Scratch();
        using var open = Listen("4:127.0.0.1", SocketType.Dgram);
        (await ReachAsync(scratch, On(scratch), call, $"4:127.0.0.1:{Port(open)}")).Succeeded().HasNoViolations();
        Assert.Equal("hello", Receive(open));
    }

    [SkippableFact]
    public async Task The_network_on_does_not_ask_for_a_rule_and_a_rule_may_still_deny()
    {
        using var scratch = new Scratch();
        using var shut = Listen("4:127.0.0.1", SocketType.Stream);
        var policy = On(scratch) with { NetworkRules = [Rule(false, NetworkDirection.Connect, Port(shut), IPAddress.Loopback)] };
        (await ReachAsync(scratch, policy, "connect", $"4:127.0.0.1:{Port(shut)}"))
            .ExitedWith(Errno.EACCES.Value).HasViolations(1, "connect", $"127.0.0.1:{Port(shut)}");
        Assert.False(shut.Poll(0, SelectMode.SelectRead));
    }

    [SkippableTheory]
    [InlineData("connect", SocketType.Stream)]
    [InlineData("sendto", SocketType.Dgram)]
    [InlineData("sendmsg", SocketType.Dgram)]
    [InlineData("sendmmsg", SocketType.Dgram)]
    public async Task With_the_network_off_a_unix_socket_is_reached_where_it_may_be_written(string call, SocketType type)
    {
        using var scratch = new Scratch();
        using var inside = ListenUnix(scratch.In("socket"), type);
        using var outside = ListenUnix(scratch.Out("socket"), type);
        (await ReachAsync(scratch, scratch.Policy, call, scratch.In("socket"))).Succeeded().HasNoViolations();
        Assert.True(inside.Poll(Seconds(5), SelectMode.SelectRead));

        (await ReachAsync(scratch, scratch.Policy, call, scratch.Out("socket")))
            .ExitedWith(Errno.EACCES.Value).HasViolations(1, call, scratch.Out("socket"));
        Assert.False(outside.Poll(0, SelectMode.SelectRead));
        (await ReachAsync(scratch, On(scratch), call, scratch.Out("socket"))).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("connect", SocketType.Stream)]
    [InlineData("sendto", SocketType.Dgram)]
    [InlineData("sendmsg", SocketType.Dgram)]
    [InlineData("sendmmsg", SocketType.Dgram)]
    public async Task An_abstract_name_is_reached_where_a_rule_or_the_mode_says_so(string call, SocketType type)
    {
        using var scratch = new Scratch();
        var name = "@" + Path.GetFileName(scratch.Root);
        using var listener = ListenUnix("\0" + name[1..], type);
        (await ReachAsync(scratch, scratch.Policy, call, name)).ExitedWith(Errno.EACCES.Value).HasViolations(1, call, name);
        Assert.False(listener.Poll(0, SelectMode.SelectRead));

        var rule = new NetworkRule(true, null, 0, ushort.MaxValue, NetworkDirection.Connect, name);
        (await ReachAsync(scratch, scratch.Policy with { NetworkRules = [rule] }, call, name)).Succeeded().HasNoViolations();
        Assert.True(listener.Poll(Seconds(5), SelectMode.SelectRead));
        (await ReachAsync(scratch, On(scratch), call, name)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task With_the_network_off_a_unix_name_is_bound_where_it_may_be_written()
    {
        using var scratch = new Scratch();
        (await ReachAsync(scratch, scratch.Policy, "bind", scratch.In("mine"))).Succeeded().HasNoViolations();
        Assert.True(File.Exists(scratch.In("mine")));
        (await ReachAsync(scratch, scratch.Policy, "bind", scratch.Out("not"))).ExitedWith(Errno.EACCES.Value).HasViolations(1, "bind", scratch.Out("not"));
        Assert.False(File.Exists(scratch.Out("not")));
        var name = "@" + Path.GetFileName(scratch.Root);
        (await ReachAsync(scratch, scratch.Policy, "bind", name)).ExitedWith(Errno.EACCES.Value).HasViolations(1, "bind", name);
    }

    private Task<GuestRun> ReachAsync(Scratch scratch, SandboxPolicy policy, string call, string address) =>
        engine.RunAsync(EngineFixture.Guest("reaches", scratch, call, GuestString.FromString(address)) with { Policy = policy });

    private static SandboxPolicy On(Scratch scratch) => scratch.Policy with { Network = NetworkMode.On };

    private static SandboxPolicy Only(Scratch scratch, NetworkDirection direction, int port, IPAddress? address = null) =>
        scratch.Policy with { NetworkRules = [Rule(true, direction, port, address ?? IPAddress.Loopback)] };

    private static NetworkRule Rule(bool allow, NetworkDirection direction, int port, IPAddress address) => new(
        allow, new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), (ushort)port, (ushort)port, direction, null);

    private static Socket Listen(string address, SocketType type)
    {
        var parsed = IPAddress.Parse(address[2..]);
        parsed = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        Skip.If(address[0] == '6' && !Socket.OSSupportsIPv6, "this machine has no IPv6");
        var socket = new Socket(parsed.AddressFamily, type, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(parsed, 0));
        return Listening(socket, type);
    }

    private static Socket ListenUnix(string path, SocketType type)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return Listening(socket, type);
    }

    private static Socket Listening(Socket socket, SocketType type)
    {
        if (type == SocketType.Stream)
        {
            socket.Listen();
        }

        return socket;
    }

    private static string Receive(Socket socket)
    {
        Assert.True(socket.Poll(Seconds(5), SelectMode.SelectRead), "nothing arrived");
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int FreePort()
    {
        using var socket = Listen("4:127.0.0.1", SocketType.Stream);
        return Port(socket);
    }

    private static GuestString Text(int number) => GuestString.FromString(number.ToString(CultureInfo.InvariantCulture));

    private static int Seconds(int seconds) => seconds * 1_000_000;
}
