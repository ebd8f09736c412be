using System.Net;
using System.Net.Sockets;
using Catbox.Host.Parsing;
using Catbox.Policy.Rules;

namespace Catbox.Host.Tests.Parsing;

public sealed class NetworkRuleTextTests
{
    private static NetworkRule[] Parse(string text, params string[] addresses) =>
        [.. NetworkRuleText.Parse("--connect", text, NetworkDirection.Connect, _ => [.. addresses.Select(IPAddress.Parse)])];

    [Theory]
    [InlineData("1.2.3.4:80", "1.2.3.4/32", 80, 80)]
    [InlineData("1.2.3.4", "1.2.3.4/32", 0, 65535)]
    [InlineData("1.2.3.4:*", "1.2.3.4/32", 0, 65535)]
    [InlineData("10.0.0.0/8:8000-8010", "10.0.0.0/8", 8000, 8010)]
    [InlineData("[::1]:80", "::1/128", 80, 80)]
    [InlineData("[fe80::]/10:443", "fe80::/10", 443, 443)]
    [InlineData("2001:db8::1", "2001:db8::1/128", 0, 65535)]
    [InlineData("*:53", null, 53, 53)]
    public void A_destination_is_understood(string text, string? network, int first, int last)
    {
        var rule = Assert.Single(Parse(text));
        Assert.Equal(
            new NetworkRule(true, network is null ? null : IPNetwork.Parse(network), (ushort)first, (ushort)last, NetworkDirection.Connect, null), rule);
    }

    [Theory]
    [InlineData("/run/x.sock")]
    [InlineData("@name")]
    public void A_unix_socket_is_known_by_its_first_character(string text) => Assert.Equal(text, Assert.Single(Parse(text)).UnixPath);

    [Fact]
    public void A_name_gives_a_rule_for_each_of_its_addresses() => Assert.Equal(
        ["93.184.216.34/32", "2606:2800::1/128"], Parse("example.org:443", "93.184.216.34", "2606:2800::1").Select(static r => r.Network.ToString()));

    [Theory]
    [InlineData("1.2.3.4:http")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:90-80")]
    [InlineData("1.2.3.4:-1")]
    [InlineData("10.0.0.0/33:80")]
    [InlineData("[::1:80")]
    [InlineData("[::1]80")]
    public void What_is_no_destination_is_refused(string text) => Assert.Throws<UsageException>(() => Parse(text));

    [Fact]
    public void A_name_that_is_not_known_is_an_error()
    {
        var e = Assert.Throws<UsageException>(() => NetworkRuleText.Parse(
            "--connect", "nowhere.invalid:80", NetworkDirection.Connect, _ => throw new SocketException((int)SocketError.HostNotFound)));
        Assert.Contains("nowhere.invalid", e.Message, StringComparison.Ordinal);
    }
}
