using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Xunit;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Tests.Landlock;

/// <summary>TCP ports and scopes.</summary>
public sealed class LandlockNetworkTests
{
    private static LandlockPlan Plan(NetworkMode mode, params string[] rules) => Floor.Of(
        new SandboxPolicy
        {
            Network = mode,
            NetworkRules =
            [
                .. rules.SelectMany(static rule => rule.StartsWith("bind ", StringComparison.Ordinal)
                    ? NetworkRuleParser.Parse(rule[5..], allow: true, NetworkDirection.Bind)
                    : NetworkRuleParser.ParseConnect(rule)),
            ],
        },
        new ScriptedDisk());

    [Fact]
    public void Without_a_network_no_TCP_port_is_granted()
    {
        var plan = Plan(NetworkMode.Off);

        Assert.Equal(LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP, plan.HandledNetwork);
        Assert.Empty(plan.Ports);
    }

    [Fact]
    public void With_the_network_on_TCP_is_not_handled() => Assert.Equal(0ul, Plan(NetworkMode.On).HandledNetwork);

    [Fact]
    public void A_destination_grants_its_ports_whatever_the_address()
    {
        var plan = Plan(NetworkMode.Off, "10.0.0.0/8:443", "[::1]:8000-8002", "bind 127.0.0.1:443");

        Assert.Equal(
            [
                new(443, LANDLOCK_ACCESS_NET_CONNECT_TCP | LANDLOCK_ACCESS_NET_BIND_TCP), new(8000, LANDLOCK_ACCESS_NET_CONNECT_TCP),
                new(8001, LANDLOCK_ACCESS_NET_CONNECT_TCP), new LandlockPortRule(8002, LANDLOCK_ACCESS_NET_CONNECT_TCP),
            ],
            plan.Ports.ToArray());
    }

    [Theory]
    [InlineData("10.0.0.7:*")]
    [InlineData("10.0.0.7:1-65535")]
    [InlineData("*:1000-1400")]
    public void A_direction_with_too_many_ports_is_not_handled_and_the_other_one_is(string destination) =>
        Assert.Equal(LANDLOCK_ACCESS_NET_BIND_TCP, Plan(NetworkMode.Off, destination).HandledNetwork);

    [Fact]
    public void Abstract_sockets_are_scoped_unless_a_name_is_allowed()
    {
        Assert.Equal(LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL, Plan(NetworkMode.Off).Scoped);
        Assert.Equal(LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL, Plan(NetworkMode.Off, "unix:/run/x").Scoped);
        Assert.Equal(LANDLOCK_SCOPE_SIGNAL, Plan(NetworkMode.Off, "unix:@name").Scoped);
        Assert.Equal(LANDLOCK_SCOPE_SIGNAL, Plan(NetworkMode.On).Scoped);
    }
}
