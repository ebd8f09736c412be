using System.Net;
using System.Net.Sockets;
using Catbox.Policy;
using Catbox.Policy.Rules;

namespace Catbox.Host.Parsing;

/// <summary>
/// Destinations as people write them on a command line: what a policy takes (<see cref="NetworkRuleParser"/>), and also an address without a port, a unix
/// socket by its path alone, and a host's name, which stands for the addresses that it has now.
/// </summary>
internal static class NetworkRuleText
{
    /// <summary>Parses a destination; a name gives one rule for each of its addresses.</summary>
    /// <exception cref="UsageException">It is none, or the name is not known.</exception>
    public static IEnumerable<NetworkRule> Parse(string option, string text, NetworkDirection direction, Func<string, IPAddress[]> lookUp)
    {
        try
        {
            if (text[0] is '/' or '@')
            {
                return [NetworkRuleParser.UnixRule(text, allow: true, direction)];
            }

            // TryParse takes [::1]:80 as an address and loses the port.
            if (!text.StartsWith('[') && IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text))
            {
                return [Rule(address, 0, ushort.MaxValue, direction)];
            }

            if (!text.StartsWith("unix:", StringComparison.Ordinal) && text.Split(':') is [var host, var port] && IsName(host))
            {
                var (first, last) = NetworkRuleParser.ParsePorts(port);
                return [.. lookUp(host).Select(a => Rule(a, first, last, direction))];
            }

            return NetworkRuleParser.Parse(text, allow: true, direction);
        }
        catch (PolicyException e)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
        catch (SocketException e)
        {
            throw new UsageException($"{option}: the host of \"{text}\" cannot be looked up: {e.Message}");
        }
    }

    private static bool IsName(string host) => host != "localhost" && host.Any(char.IsLetter)
        && host.All(static c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') && !IPAddress.TryParse(host, out _);

    private static NetworkRule Rule(IPAddress address, ushort first, ushort last, NetworkDirection direction)
    {
        // Without the zone of a link-local address: a rule has none.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        return new NetworkRule(true, new IPNetwork(plain, plain.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), first, last, direction, null);
    }
}
