using Catbox.Policy.Rules;
using Xunit;
using SocketAddress = Catbox.Policy.Decoding.SocketAddress;

namespace Catbox.Policy.Tests.Rules;

public sealed class NetworkDecisionTests
{
    private const int AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16, AF_PACKET = 17, AF_ALG = 38, AF_VSOCK = 40;
    private const int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;

    private static readonly CompiledPolicy s_off = Rule.Compile(new SandboxPolicy { Writable = ["/work"] });
    private static readonly CompiledPolicy s_on = Rule.Compile(new SandboxPolicy { Network = NetworkMode.On });
    private static readonly CompiledPolicy s_rules = Rule.Compile(new SandboxPolicy { NetworkRules = [.. NetworkRuleParser.ParseConnect("10.0.0.0/8:443")] });

    [Theory]
    // family, type, protocol, and the answers of: off, on, rules
    [InlineData(AF_UNIX, SOCK_STREAM, 0, true, true, true)]
    [InlineData(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, true, true, true)]
    [InlineData(AF_INET, SOCK_STREAM, 0, false, true, true)]
    [InlineData(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 6, false, true, true)]
    [InlineData(AF_INET6, SOCK_DGRAM, 17, false, true, true)]
    [InlineData(AF_INET, SOCK_DGRAM, 1, false, true, false)]
    [InlineData(AF_INET6, SOCK_DGRAM, 58, false, true, false)]
    [InlineData(AF_INET6, SOCK_DGRAM, 1, false, false, false)]
    [InlineData(AF_INET, SOCK_STREAM, 262, false, false, false)]
    [InlineData(AF_INET, SOCK_STREAM, 132, false, false, false)]
    [InlineData(AF_INET, SOCK_DGRAM, 136, false, false, false)]
    [InlineData(AF_INET, SOCK_RAW, 6, false, false, false)]
    [InlineData(AF_INET, 5, 132, false, false, false)]
    [InlineData(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0, false, true, true)]
    [InlineData(AF_NETLINK, SOCK_RAW, 9, false, false, false)]
    [InlineData(AF_PACKET, SOCK_RAW, 0, false, false, false)]
    [InlineData(AF_VSOCK, SOCK_STREAM, 0, false, false, false)]
    [InlineData(AF_ALG, 5, 0, false, false, false)]
    [InlineData(44, SOCK_RAW, 0, false, false, false)]
    [InlineData(-1, SOCK_STREAM, 0, false, false, false)]
    public void A_socket_is_judged_by_family_type_and_protocol(int family, int type, int protocol, bool off, bool on, bool rules)
    {
        Assert.Equal(off, s_off.DecideSocket(family, type, protocol) == RuleDecision.Allow);
        Assert.Equal(on, s_on.DecideSocket(family, type, protocol) == RuleDecision.Allow);
        Assert.Equal(rules, s_rules.DecideSocket(family, type, protocol) == RuleDecision.Allow);
    }

    [Fact]
    public void Rules_for_unix_sockets_alone_open_no_internet_socket()
    {
        var policy = Rule.Compile(new SandboxPolicy { NetworkRules = [.. NetworkRuleParser.ParseConnect("unix:/run/x.sock")] });
        Assert.Equal(RuleDecision.Deny, policy.DecideSocket(AF_INET, SOCK_STREAM, 0));
        Assert.Equal(RuleDecision.Allow, policy.ConnectUnix("/run/x.sock"));
    }

    [Fact]
    public void Off_denies_every_destination_and_on_allows_it()
    {
        Assert.Equal(RuleDecision.Deny, s_off.Connect("127.0.0.1", 80));
        Assert.Equal(RuleDecision.Deny, s_off.Connect("::", 80));
        Assert.Equal(RuleDecision.Allow, s_on.Connect("127.0.0.1", 80));
        Assert.Equal(RuleDecision.Allow, s_on.Connect("::", 80));
        Assert.Equal(RuleDecision.Allow, s_on.Connect("64:ff9b::a00:1", 80));
    }

    [Fact]
    public void To_disconnect_is_allowed_and_so_is_an_address_without_a_family()
    {
        Assert.Equal(RuleDecision.Allow, s_off.DecideConnect(new SocketAddress(0, 0, 0, 0, 0, default, 16), default));
        Assert.Equal(RuleDecision.Allow, s_off.DecideConnect(new SocketAddress(-1, 0, 0, 0, 0, default, 1), default));
    }

    [Fact]
    public void Other_families_are_denied_as_destinations()
    {
        Assert.Equal(RuleDecision.Deny, s_on.DecideConnect(new SocketAddress(AF_VSOCK, 0, 0, 0, 0, default, 16), default));
        Assert.Equal(RuleDecision.Deny, s_on.DecideBind(new SocketAddress(AF_PACKET, 0, 0, 0, 0, default, 20)));
    }

    [Theory]
    [InlineData("10.1.2.3", 443, true)]
    [InlineData("10.1.2.3", 80, false)]
    [InlineData("11.1.2.3", 443, false)]
    [InlineData("::ffff:10.1.2.3", 443, true)]
    [InlineData("::ffff:11.1.2.3", 443, false)]
    [InlineData("64:ff9b::10.1.2.3", 443, true)]
    [InlineData("64:ff9b::11.1.2.3", 443, false)]
    [InlineData("64:ff9b:1::10.1.2.3", 443, false)]
    [InlineData("::10.1.2.3", 443, false)]
    public void Rules_allow_what_they_name_however_it_is_written(string address, int port, bool allowed)
        => Assert.Equal(allowed, s_rules.Connect(address, port) == RuleDecision.Allow);

    [Fact]
    public void A_rule_written_with_mapped_addresses_is_one_for_IPv4()
    {
        var policy = Rules(NetworkRuleParser.ParseConnect("[::ffff:10.0.0.0]/104:*")[0]);
        Assert.Equal(RuleDecision.Allow, policy.Connect("10.9.9.9", 1));
        Assert.Equal(RuleDecision.Allow, policy.Connect("::ffff:10.9.9.9", 1));
        Assert.Equal(RuleDecision.Deny, policy.Connect("11.9.9.9", 1));
    }

    [Fact]
    public void A_network_of_all_IPv6_addresses_does_not_contain_IPv4()
    {
        var policy = Rules(NetworkRuleParser.ParseConnect("[::]/0:*")[0]);
        Assert.Equal(RuleDecision.Allow, policy.Connect("2001:db8::1", 1));
        Assert.Equal(RuleDecision.Deny, policy.Connect("::ffff:10.0.0.1", 1));
        Assert.Equal(RuleDecision.Deny, policy.Connect("10.0.0.1", 1));
    }

    [Fact]
    public void The_first_rule_that_matches_wins()
    {
        var deny = NetworkRuleParser.Parse("10.0.0.1:*", allow: false, NetworkDirection.Connect)[0];
        var allow = NetworkRuleParser.ParseConnect("10.0.0.0/8:*")[0];
        Assert.Equal(RuleDecision.Deny, Rules(deny, allow).Connect("10.0.0.1", 1));
        Assert.Equal(RuleDecision.Allow, Rules(allow, deny).Connect("10.0.0.1", 1));
    }

    [Fact]
    public void A_denying_rule_holds_where_the_network_is_on()
    {
        var policy = Rule.Compile(new SandboxPolicy
        {
            Network = NetworkMode.On,
            NetworkRules = [.. NetworkRuleParser.Parse("169.254.169.254:*", allow: false, NetworkDirection.Connect)],
        });
        Assert.Equal(RuleDecision.Deny, policy.Connect("169.254.169.254", 80));
        Assert.Equal(RuleDecision.Deny, policy.Connect("::ffff:169.254.169.254", 80));
        Assert.Equal(RuleDecision.Deny, policy.Connect("64:ff9b::169.254.169.254", 80));
        Assert.Equal(RuleDecision.Allow, policy.Connect("169.254.169.253", 80));
    }

    [Fact]
    public void The_wildcard_destination_is_this_host()
    {
        var denied = Rule.Compile(new SandboxPolicy
        {
            Network = NetworkMode.On,
            NetworkRules = [.. NetworkRuleParser.Parse("localhost:*", allow: false, NetworkDirection.Connect)],
        });
        Assert.Equal(RuleDecision.Deny, denied.Connect("0.0.0.0", 80));
        Assert.Equal(RuleDecision.Deny, denied.Connect("::ffff:0.0.0.0", 80));
        Assert.Equal(RuleDecision.Deny, denied.Connect("::", 80));

        var allowed = Rules([.. NetworkRuleParser.ParseConnect("localhost:80")]);
        Assert.Equal(RuleDecision.Allow, allowed.Connect("0.0.0.0", 80));
        Assert.Equal(RuleDecision.Allow, allowed.Connect("::", 80));
        Assert.Equal(RuleDecision.Deny, allowed.Connect("::", 81));

        // :: goes to ::1 or 127.0.0.1, as the socket is bound.
        var half = Rules(NetworkRuleParser.ParseConnect("127.0.0.1:80")[0]);
        Assert.Equal(RuleDecision.Allow, half.Connect("0.0.0.0", 80));
        Assert.Equal(RuleDecision.Deny, half.Connect("::", 80));
    }

    [Fact]
    public void A_rule_without_an_address_is_about_ports_of_every_address()
    {
        var policy = Rules(new NetworkRule(true, null, 50, 60, NetworkDirection.Connect, null));
        Assert.Equal(RuleDecision.Allow, policy.Connect("1.2.3.4", 50));
        Assert.Equal(RuleDecision.Allow, policy.Connect("2001:db8::1", 60));
        Assert.Equal(RuleDecision.Deny, policy.Connect("1.2.3.4", 61));
        Assert.Equal(RuleDecision.Deny, policy.Connect("1.2.3.4", 49));
        Assert.Equal(RuleDecision.Deny, policy.Bind("1.2.3.4", 50));
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("/run/x"));
    }

    [Fact]
    public void Off_allows_the_session_s_own_unix_sockets_alone()
    {
        Assert.Equal(RuleDecision.Allow, s_off.ConnectUnix("/work/s.sock"));
        Assert.Equal(RuleDecision.Deny, s_off.ConnectUnix("/run/docker.sock"));
        Assert.Equal(RuleDecision.Deny, s_off.ConnectUnix("\0abstract"));
        Assert.Equal(RuleDecision.Allow, s_off.ConnectUnix(""));
        Assert.Equal(RuleDecision.Allow, s_on.ConnectUnix("/run/docker.sock"));
        Assert.Equal(RuleDecision.Allow, s_on.ConnectUnix("\0abstract"));
    }

    [Fact]
    public void A_unix_rule_is_a_path_pattern_and_is_asked_before_the_paths()
    {
        var policy = Rule.Compile(new SandboxPolicy
        {
            Writable = ["/work"],
            NetworkRules =
            [
                NetworkRuleParser.UnixRule("/work/no*", allow: false, NetworkDirection.Connect),
                NetworkRuleParser.UnixRule("/run/db", allow: true, NetworkDirection.Connect),
            ],
        });
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("/work/no.sock"));
        Assert.Equal(RuleDecision.Allow, policy.ConnectUnix("/work/x.sock"));
        Assert.Equal(RuleDecision.Allow, policy.ConnectUnix("/run/db/s.5432"));
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("/run/dbx"));
    }

    [Fact]
    public void A_silent_path_silences_its_socket_too()
    {
        var policy = Rule.Compile(new SandboxPolicy { Silent = ["/run/nscd"] });
        Assert.Equal(RuleDecision.DenySilently, policy.ConnectUnix("/run/nscd/socket"));
    }

    [Fact]
    public void An_abstract_name_is_matched_whole_or_as_a_glob()
    {
        var policy = Rules([.. NetworkRuleParser.ParseConnect("unix:@name"), .. NetworkRuleParser.ParseConnect("unix:@/tmp/dbus-*")]);
        Assert.Equal(RuleDecision.Allow, policy.ConnectUnix("\0name"));
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("\0name/x"));
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("\0name\0"));
        Assert.Equal(RuleDecision.Allow, policy.ConnectUnix("\0/tmp/dbus-a/b"));
        Assert.Equal(RuleDecision.Deny, policy.ConnectUnix("name"));
        Assert.Equal(RuleDecision.Deny, policy.DecideBind(Rule.Unix("\0name")));
    }

    [Fact]
    public void Binding_needs_a_rule_of_its_own()
    {
        var policy = Rules([.. NetworkRuleParser.Parse("127.0.0.0/8:8000-8080", allow: true, NetworkDirection.Bind)]);
        Assert.Equal(RuleDecision.Allow, policy.Bind("127.0.0.1", 8080));
        Assert.Equal(RuleDecision.Deny, policy.Bind("127.0.0.1", 0));
        Assert.Equal(RuleDecision.Deny, policy.Bind("0.0.0.0", 8080));
        Assert.Equal(RuleDecision.Deny, policy.Connect("127.0.0.1", 8080));
        Assert.Equal(RuleDecision.Deny, s_off.Bind("127.0.0.1", 0));
        Assert.Equal(RuleDecision.Allow, s_on.Bind("0.0.0.0", 80));
    }

    [Fact]
    public void The_wildcard_as_a_local_address_is_every_address()
    {
        var denied = Rule.Compile(new SandboxPolicy
        {
            Network = NetworkMode.On,
            NetworkRules = [.. NetworkRuleParser.Parse("192.168.0.0/16:*", allow: false, NetworkDirection.Bind)],
        });
        Assert.Equal(RuleDecision.Deny, denied.Bind("0.0.0.0", 80));
        Assert.Equal(RuleDecision.Deny, denied.Bind("::", 80));
        Assert.Equal(RuleDecision.Deny, denied.DecideBind(new SocketAddress(0, 0, 0, 80, 0, default, 16)));
        Assert.Equal(RuleDecision.Allow, denied.Bind("127.0.0.1", 80));

        var allowed = Rules([.. NetworkRuleParser.Parse("0.0.0.0/0:80", allow: true, NetworkDirection.Bind)]);
        Assert.Equal(RuleDecision.Allow, allowed.Bind("0.0.0.0", 80));
        Assert.Equal(RuleDecision.Deny, allowed.Bind("::", 80));
    }

    [Fact]
    public void An_abstract_name_is_bound_where_a_rule_or_the_mode_allows_and_autobind_always()
    {
        var policy = Rules([.. NetworkRuleParser.Parse("unix:@mine", allow: true, NetworkDirection.Bind)]);
        Assert.Equal(RuleDecision.Allow, policy.DecideBind(Rule.Unix("\0mine")));
        Assert.Equal(RuleDecision.Deny, policy.DecideBind(Rule.Unix("\0other")));
        Assert.Equal(RuleDecision.Allow, s_on.DecideBind(Rule.Unix("\0other")));
        Assert.Equal(RuleDecision.Allow, s_off.DecideBind(Rule.Unix("")));
    }

    [Fact]
    public void The_route_socket_of_getaddrinfo_can_be_bound_and_used_where_there_is_a_network()
    {
        var kernel = new SocketAddress(AF_NETLINK, 0, 0, 0, 0, default, 12);
        Assert.Equal(RuleDecision.Allow, s_rules.DecideBind(kernel));
        Assert.Equal(RuleDecision.Allow, s_on.DecideConnect(kernel, default));
        Assert.Equal(RuleDecision.Deny, s_off.DecideConnect(kernel, default));
    }

    [Theory]
    [InlineData(90, 80, null, "backwards")]
    [InlineData(80, 90, "/run/x", "two rules")]
    [InlineData(0, 0, "run/x", "relative")]
    [InlineData(0, 0, "@", "no abstract socket")]
    public void A_rule_that_contradicts_itself_is_refused(int first, int last, string? unix, string reason)
    {
        var rule = new NetworkRule(true, null, (ushort)first, (ushort)last, NetworkDirection.Connect, unix);
        Assert.Contains(reason, Assert.Throws<PolicyException>(() => Rules(rule)).Message, StringComparison.Ordinal);
    }

    private static CompiledPolicy Rules(params NetworkRule[] rules) => Rule.Compile(new SandboxPolicy { NetworkRules = [.. rules] });
}
