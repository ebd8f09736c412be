using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Catbox.Policy.Rules;

namespace Catbox.Host.Parsing;

/// <summary>
/// Destinations as people write them: <c>1.2.3.4:80</c>, <c>[::1]:80</c>, <c>10.0.0.0/8:5000-5010</c>, <c>*:443</c>, <c>192.168.1.1</c> (any port),
/// <c>example.org:443</c> (its addresses as they are now), <c>/run/x.sock</c>, <c>@abstract</c>.
/// </summary>
internal static class NetworkRuleText
{
    private const string Expected = "expected HOST:PORT, as in 10.0.0.0/8:443, [::1]:80, *:53, example.org:443, /run/x.sock or @name";

    /// <summary>Parses a destination; a name gives one rule for each of its addresses.</summary>
    /// <exception cref="UsageException">It is none, or the name is not known.</exception>
    public static IEnumerable<NetworkRule> Parse(string option, string text, NetworkDirection direction, Func<string, IPAddress[]> lookUp)
    {
        if (text[0] is '/' or '@')
        {
            return [new NetworkRule(true, null, 0, ushort.MaxValue, direction, text)];
        }

        var (host, port) = Split(option, text);
        var (first, last) = Ports(option, text, port);
        if (host is "*" or "")
        {
            return [new NetworkRule(true, null, first, last, direction, null)];
        }

        if (TryNetwork(host, out var network))
        {
            return [new NetworkRule(true, network, first, last, direction, null)];
        }

        if (host.Contains('/', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal))
        {
            throw new UsageException($"{option} {text}: '{host}' is no address; {Expected}");
        }

        IPAddress[] addresses;
        try
        {
            addresses = lookUp(host);
        }
        catch (SocketException e)
        {
            throw new UsageException($"{option} {text}: the name '{host}' cannot be looked up: {e.Message}");
        }

        return addresses.Select(a => new NetworkRule(true, Single(a), first, last, direction, null));
    }

    private static (string Host, string Port) Split(string option, string text)
    {
        if (text[0] == '[')
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                throw new UsageException($"{option} {text}: the ']' is missing");
            }

            var after = text[(close + 1)..];
            var prefix = after.StartsWith('/') ? after.Split(':', 2)[0] : "";
            after = after[prefix.Length..];
            return after.Length == 0 || after[0] == ':'
                ? (text[1..close] + prefix, after.TrimStart(':'))
                : throw new UsageException($"{option} {text}: {Expected}");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (text, "");
        }

        // More than one colon and no brackets: an IPv6 address without a port.
        return text.IndexOf(':', colon + 1) >= 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    private static (ushort First, ushort Last) Ports(string option, string text, string port)
    {
        if (port is "" or "*")
        {
            return (0, ushort.MaxValue);
        }

        var ends = port.Split('-', 2);
        if (!ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
        {
            throw new UsageException($"{option} {text}: '{port}' is no port (0-65535) or range of ports; {Expected}");
        }

        return (first, last);
    }

    private static bool TryNetwork(string host, out IPNetwork network)
    {
        if (IPNetwork.TryParse(host, out network))
        {
            return true;
        }

        // IPAddress.Parse takes 010.1 and 1 as addresses, as inet_aton(3) does; here only the usual spelling is one.
        if (IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count(static c => c == '.') == 3))
        {
            network = Single(address);
            return true;
        }

        return false;
    }

    private static IPNetwork Single(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        return new IPNetwork(plain, plain.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }
}
