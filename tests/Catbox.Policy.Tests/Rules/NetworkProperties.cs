using System.Net;
using Catbox.Policy.Rules;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class NetworkProperties
{
    private static readonly Gen<NetworkRule> s_rule = Gen.Select(Gen.Bool, Gen.UInt, Gen.Int[0, 32], Gen.Int[1, 4], Gen.Int[0, 3], (allow, bits, prefix, first, more) =>
        new NetworkRule(allow, new IPNetwork(V4(Masked(Narrow(bits), prefix)), prefix), (ushort)first, (ushort)(first + more), NetworkDirection.Connect, null));

    [Fact]
    public void The_first_rule_that_contains_address_and_port_decides()
        => Gen.Select(s_rule.Array[1, 6], Gen.UInt, Gen.Int[1, 8]).Sample((rules, bits, port) =>
        {
            var address = V4(Narrow(bits) | 1);
            var first = rules.FirstOrDefault(rule => rule.Network!.Value.Contains(address) && port >= rule.FirstPort && port <= rule.LastPort);
            var policy = Rule.Compile(new SandboxPolicy { NetworkRules = [.. rules] });
            Assert.Equal(first?.Allow ?? false, policy.Connect(address.ToString(), port) == RuleDecision.Allow);
        }, iter: 600);

    [Fact]
    public void A_mapped_address_is_judged_as_the_IPv4_address_in_it()
        => Gen.Select(s_rule.Array[1, 6], Gen.UInt, Gen.Int[1, 8]).Sample((rules, bits, port) =>
        {
            var address = V4(Narrow(bits));
            var policy = Rule.Compile(new SandboxPolicy { NetworkRules = [.. rules] });
            Assert.Equal(policy.Connect(address.ToString(), port), policy.Connect(address.MapToIPv6().ToString(), port));
        }, iter: 400);

    [Fact]
    public void No_form_of_a_denied_address_is_allowed()
        => Gen.UInt.Sample(bits =>
        {
            var address = V4(bits | 1);
            var policy = Rule.Compile(new SandboxPolicy
            {
                Network = NetworkMode.On,
                NetworkRules = [.. NetworkRuleParser.Parse($"{address}:*", allow: false, NetworkDirection.Connect)],
            });
            Assert.Equal(RuleDecision.Deny, policy.Connect(address.ToString(), 80));
            Assert.Equal(RuleDecision.Deny, policy.Connect($"::ffff:{address}", 80));
            Assert.Equal(RuleDecision.Deny, policy.Connect($"64:ff9b::{address}", 80));
        }, iter: 300);

    [Fact]
    public void What_the_parser_takes_is_what_it_gives_back()
        => Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.Int[1, 65535]).Sample((bits, prefix, port) =>
        {
            var network = new IPNetwork(V4(Masked(bits, prefix)), prefix);
            var rule = Assert.Single(NetworkRuleParser.ParseConnect($"{network}:{port}"));
            Assert.Equal(network, rule.Network);
            Assert.Equal(port, rule.FirstPort);
        }, iter: 500);

    /// <summary>Few different addresses, so that rules and destinations meet.</summary>
    private static uint Narrow(uint bits) => 0x0a000000 | (bits & 0x01000103);

    private static uint Masked(uint bits, int prefix) => prefix == 0 ? 0 : bits & (uint.MaxValue << (32 - prefix));

    private static IPAddress V4(uint bits) => new([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
}
