using System.Net;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class NetworkRuleParserTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1/32", 8080, 8080)]
    [InlineData("10.0.0.0/8:443", "10.0.0.0/8", 443, 443)]
    [InlineData("[::1]:80", "::1/128", 80, 80)]
    [InlineData("[fd00::]/8:80-90", "fd00::/8", 80, 90)]
    [InlineData("[fd00::/8]:80", "fd00::/8", 80, 80)]
    [InlineData("*:53", null, 53, 53)]
    [InlineData("*:*", null, 0, 65535)]
    public void A_destination_is_an_address_and_a_port(string text, string? network, int first, int last)
    {
        var rule = Assert.Single(NetworkRuleParser.ParseConnect(text));
        Assert.Equal(
            new NetworkRule(true, network is null ? null : IPNetwork.Parse(network), (ushort)first, (ushort)last, NetworkDirection.Connect, null), rule);
    }

    [Fact]
    public void Localhost_is_both_loopback_networks()
    {
        var rules = NetworkRuleParser.ParseConnect("localhost:5432");
        Assert.Equal(["127.0.0.0/8", "::1/128"], rules.Select(rule => rule.Network.ToString()!));
        Assert.All(rules, rule => Assert.Equal(5432, rule.FirstPort));
    }

    [Theory]
    [InlineData("unix:/run/x.sock", "/run/x.sock")]
    [InlineData("unix:@name", "@name")]
    [InlineData("unix:~/run/[a-z]+", "~/run/[a-z]+")]
    public void A_unix_socket_is_named_by_a_path_or_an_abstract_name(string text, string path)
        => Assert.Equal(path, Assert.Single(NetworkRuleParser.ParseConnect(text)).UnixPath);

    [Theory]
    [InlineData("example.com:80", "names are not resolved by the policy")]
    [InlineData("db:80", "names are not resolved by the policy")]
    [InlineData("127.0.0.1", "has no port")]
    [InlineData("[::1]", "has no port")]
    [InlineData("::1:80", "in brackets")]
    [InlineData("[::1:80", "[ without ]")]
    [InlineData("[127.0.0.1]:80", "no IPv6 address")]
    [InlineData("[::1]x:80", "has no port")]
    [InlineData("127.1:80", "write 127.0.0.1")]
    [InlineData("2130706433:80", "write 127.0.0.1")]
    [InlineData("0177.0.0.1:80", "write 127.0.0.1")]
    [InlineData("[fe80::1%eth0]:80", "zone")]
    [InlineData("10.0.0.1/8:80", "write 10.0.0.0/8 for the network or 10.0.0.1/32 for the address")]
    [InlineData("10.0.0.0/33:80", "from 0 to 32")]
    [InlineData("10.0.0.0/x:80", "from 0 to 32")]
    [InlineData("10.0.0.0/:80", "from 0 to 32")]
    [InlineData("[fd00::]/129:80", "from 0 to 128")]
    [InlineData("1.2.3.4:0", "ports are 1 to 65535")]
    [InlineData("1.2.3.4:65536", "ports are 1 to 65535")]
    [InlineData("1.2.3.4:http", "ports are 1 to 65535")]
    [InlineData("1.2.3.4:", "ports are 1 to 65535")]
    [InlineData("1.2.3.4:-80", "ports are 1 to 65535")]
    [InlineData("1.2.3.4:90-80", "write 80-90")]
    [InlineData(":80", "is no address")]
    [InlineData("", "has no port")]
    [InlineData("/run/x.sock", "write unix:/run/x.sock")]
    [InlineData("@x", "write unix:@x")]
    [InlineData("unix:run/x", "is relative")]
    [InlineData("unix:", "is empty")]
    [InlineData("unix:@", "no abstract socket")]
    public void What_is_no_destination_is_refused_with_what_to_write(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<PolicyException>(() => NetworkRuleParser.ParseConnect(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_address_without_a_port_does_not_lose_one()
        => Assert.Throws<PolicyException>(() => NetworkRuleParser.ParseNetworks("[::1]:80"));

    [Fact]
    public void Binding_a_unix_path_is_a_matter_of_writable_paths()
        => Assert.Contains("make the path writable", Assert.Throws<PolicyException>(
            () => NetworkRuleParser.Parse("unix:/run/x", allow: true, NetworkDirection.Bind)).Message, StringComparison.Ordinal);
}
