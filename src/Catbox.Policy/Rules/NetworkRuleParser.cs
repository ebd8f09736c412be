using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Catbox.Policy.Rules;

/// <summary>
/// Network rules in text form: <c>127.0.0.1:8080</c>, <c>10.0.0.0/8:443</c>, <c>[::1]:80-90</c>, <c>*:53</c>, <c>localhost:5432</c>,
/// <c>unix:/run/x.sock</c>, <c>unix:@name</c>. Host names are refused: what a name means is for DNS to say, and can change between two questions.
/// </summary>
public static class NetworkRuleParser
{
    private const string Forms = "write ADDRESS:PORT, CIDR:PORT, [V6]:PORT, *:PORT or localhost:PORT (PORT may be FIRST-LAST or *), unix:/PATH or unix:@NAME";

    /// <summary>Allows to connect to a destination.</summary>
    /// <returns>One rule, or two for <c>localhost</c> (127.0.0.0/8 and ::1).</returns>
    /// <exception cref="PolicyException">The text is no destination; the message says why and what to write.</exception>
    public static ImmutableArray<NetworkRule> ParseConnect(string text) => Parse(text, allow: true, NetworkDirection.Connect);

    /// <summary>A rule of any kind.</summary>
    /// <exception cref="PolicyException">The text is no destination; the message says why and what to write.</exception>
    public static ImmutableArray<NetworkRule> Parse(string text, bool allow, NetworkDirection direction)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return [UnixRule(text[5..], allow, direction)];
        }

        if (text.StartsWith('/') || text.StartsWith('@'))
        {
            throw Bad(text, $"has no port; write unix:{text} for a unix socket");
        }

        var (host, ports) = Split(text);
        var (first, last) = ParsePorts(ports);
        return [.. ParseNetworks(host).Select(network => new NetworkRule(allow, network, first, last, direction, null))];
    }

    /// <summary>The addresses of a rule: an address, a CIDR, <c>*</c> for all (null), or <c>localhost</c> (two).</summary>
    /// <exception cref="PolicyException">It is a host name, or no address.</exception>
    internal static ImmutableArray<IPNetwork?> ParseNetworks(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "*")
        {
            return [null];
        }

        if (text == "localhost")
        {
            return [new IPNetwork(IPAddress.Parse("127.0.0.0"), 8), new IPNetwork(IPAddress.IPv6Loopback, 128)];
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        var address = ParseAddress(text, addressText);
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = width;
        if (slash >= 0 && (!TryNumber(text.AsSpan(slash + 1), out prefix) || prefix > width))
        {
            throw Bad(text, $"has the prefix length \"{text[(slash + 1)..]}\"; write a number from 0 to {width}");
        }

        var masked = Mask(address, prefix);
        if (!masked.Equals(address))
        {
            throw Bad(text, $"has bits set beyond its prefix; write {masked}/{prefix} for the network or {address}/{width} for the address");
        }

        return [new IPNetwork(address, prefix)];
    }

    /// <summary>The ports of a rule: <c>80</c>, <c>80-90</c>, or <c>*</c> for all (0 and 65535).</summary>
    /// <exception cref="PolicyException">It is no port or range of ports.</exception>
    internal static (ushort First, ushort Last) ParsePorts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "*")
        {
            return (0, ushort.MaxValue);
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var firstText = dash < 0 ? text : text[..dash];
        var lastText = dash < 0 ? text : text[(dash + 1)..];
        if (!TryNumber(firstText, out var first) || !TryNumber(lastText, out var last) || first is 0 or > ushort.MaxValue || last is 0 or > ushort.MaxValue)
        {
            throw new PolicyException($"\"{text}\" is no port or range of ports; write 80, 80-90 or * (ports are 1 to 65535)");
        }

        if (first > last)
        {
            throw new PolicyException($"the range of ports \"{text}\" runs backwards; write {last}-{first}");
        }

        return ((ushort)first, (ushort)last);
    }

    /// <summary>A rule for a unix socket.</summary>
    /// <param name="path">A path pattern, or <c>@name</c> for an abstract one.</param>
    /// <param name="allow">Allowed, or denied.</param>
    /// <param name="direction">What it is about.</param>
    /// <exception cref="PolicyException">The path is relative, or no valid pattern.</exception>
    internal static NetworkRule UnixRule(string path, bool allow, NetworkDirection direction)
    {
        ArgumentNullException.ThrowIfNull(path);
        var rule = new NetworkRule(allow, null, 0, ushort.MaxValue, direction, path);
        if (direction == NetworkDirection.Bind && !path.StartsWith('@'))
        {
            throw new PolicyException($"unix socket \"{path}\" is a file: binding it is a write; make the path writable instead");
        }

        // Compiled to be judged only: the error belongs where the rule was written.
        _ = new NetworkRuleSet([rule]);
        return rule;
    }

    private static (string Host, string Ports) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                throw Bad(text, "has [ without ]");
            }

            var rest = text[(close + 1)..];
            // [fd00::]/8:443 and [fd00::/8]:443 are both seen.
            var colon = rest.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || (colon > 0 && rest[0] != '/'))
            {
                throw Bad(text, $"has no port; {Forms}");
            }

            var inner = text[1..close];
            if (!inner.Contains(':', StringComparison.Ordinal))
            {
                throw Bad(text, "has brackets around what is no IPv6 address");
            }

            return (inner + rest[..colon], rest[(colon + 1)..]);
        }

        var last = text.LastIndexOf(':');
        if (last < 0)
        {
            throw Bad(text, $"has no port; {Forms}");
        }

        if (text.IndexOf(':', StringComparison.Ordinal) != last)
        {
            throw Bad(text, "is ambiguous: write an IPv6 address in brackets, as in [::1]:80");
        }

        return (text[..last], text[(last + 1)..]);
    }

    private static IPAddress ParseAddress(string text, string address)
    {
        if (address.Contains('%', StringComparison.Ordinal))
        {
            throw Bad(text, "has a zone (%); write the address without it");
        }

        // TryParse would take [::1]:80 and lose the port.
        if (!address.Contains('[', StringComparison.Ordinal) && IPAddress.TryParse(address, out var parsed))
        {
            // "127.1" and "0x7f000001" are addresses to inet_aton: only the form that everybody reads the same way is taken.
            if (parsed.AddressFamily == AddressFamily.InterNetworkV6 || parsed.ToString() == address)
            {
                return parsed;
            }

            throw Bad(text, $"is not a plain IPv4 address; write {parsed} if that is meant");
        }

        var looksLikeName = address.Length > 0 && address.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') && address.Any(char.IsLetter);
        throw Bad(text, looksLikeName
            ? "names a host: names are not resolved by the policy, since an answer of DNS can change; write the address"
            : $"is no address; {Forms}");
    }

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff00 >> kept);
        }

        return new IPAddress(bytes);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static PolicyException Bad(string text, string reason) => new($"\"{text}\" {reason}");
}
