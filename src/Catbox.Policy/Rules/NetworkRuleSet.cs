using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SocketAddress = Catbox.Policy.Decoding.SocketAddress;

namespace Catbox.Policy.Rules;

/// <summary>The network rules of a policy, compiled: addresses as numbers, names as bytes. First match wins.</summary>
internal sealed class NetworkRuleSet
{
    private static readonly UInt128 s_mappedPrefix = (UInt128)0xffff << 32;
    private static readonly UInt128 s_nat64Prefix = new(0x0064_ff9b_0000_0000, 0);
    private const uint Loopback4 = 0x7f00_0001;

    private readonly InternetRule[] _internet;
    private readonly UnixRule[] _unix;

    /// <summary>An internet rule: an address matches when its bits under the mask are the network's.</summary>
    private readonly record struct InternetRule(
        bool Allow, NetworkDirection Direction, int Family, UInt128 Network, UInt128 Mask, ushort FirstPort, ushort LastPort);

    private readonly record struct UnixRule(bool Allow, NetworkDirection Direction, PathPattern? Path, byte[]? Name, Regex? NameGlob);

    /// <summary>What the rules say: nothing, allowed, denied.</summary>
    public enum Answer : byte
    {
        /// <summary>No rule matches.</summary>
        None,
        /// <summary>The first that matches allows.</summary>
        Allow,
        /// <summary>The first that matches denies.</summary>
        Deny,
    }

    /// <summary>Compiles the rules.</summary>
    /// <exception cref="PolicyException">A rule contradicts itself or has a bad path.</exception>
    public NetworkRuleSet(ImmutableArray<NetworkRule> rules)
    {
        var internet = new List<InternetRule>();
        var unix = new List<UnixRule>();
        foreach (var rule in rules)
        {
            if (rule.UnixPath is null)
            {
                internet.Add(CompileInternet(rule));
            }
            else
            {
                unix.Add(CompileUnix(rule));
            }
        }

        _internet = [.. internet];
        _unix = [.. unix];
        IsEmpty = rules.IsEmpty;
        AllowsInternet = internet.Exists(rule => rule.Allow);
    }

    /// <summary>True when there is no rule.</summary>
    public bool IsEmpty { get; }

    /// <summary>True when a rule allows something on the internet.</summary>
    public bool AllowsInternet { get; }

    /// <summary>What the rules say of a destination.</summary>
    /// <remarks>
    /// An IPv4-mapped address is the IPv4 one. The wildcard addresses mean this host (tcp_v4_connect, tcp_v6_connect): 0.0.0.0 is judged as 127.0.0.1
    /// and :: as both ::1 and, since a socket bound to a mapped address goes there, 127.0.0.1. An address of 64:ff9b::/96 (RFC 6052) is judged as
    /// itself and as the IPv4 address in it. A rule that denies any of the forms denies.
    /// </remarks>
    public Answer Connect(in SocketAddress address, Answer byDefault)
    {
        var (family, bits) = Normalise(address);
        var port = address.Port;
        var own = Match(family, bits, port, NetworkDirection.Connect);
        if (family == SocketAddress.Inet)
        {
            return bits == 0 ? WorseIfDenied(own, Match(family, Loopback4, port, NetworkDirection.Connect)) : own;
        }

        if (bits == 0)
        {
            var six = Or(Match(family, 1, port, NetworkDirection.Connect), byDefault);
            var four = Or(Match(SocketAddress.Inet, Loopback4, port, NetworkDirection.Connect), byDefault);
            return own != Answer.Deny && six == Answer.Allow && four == Answer.Allow ? Answer.Allow : Answer.Deny;
        }

        return (bits & ~(UInt128)uint.MaxValue) == s_nat64Prefix
            ? WorseIfDenied(own, Match(SocketAddress.Inet, (uint)bits, port, NetworkDirection.Connect))
            : own;
    }

    /// <summary>What the rules say of a local address.</summary>
    /// <remarks>
    /// A wildcard address stands for every address: any rule that denies one of them denies it, and only a rule for all addresses (or for exactly the
    /// wildcard) allows it; :: covers IPv4 too.
    /// </remarks>
    public Answer Bind(in SocketAddress address)
    {
        var (family, bits) = Normalise(address);
        if (bits != 0)
        {
            return Match(family, bits, address.Port, NetworkDirection.Bind);
        }

        foreach (ref readonly var rule in _internet.AsSpan())
        {
            var concerned = rule.Family == 0 || rule.Family == family || (family == SocketAddress.Inet6 && !rule.Allow);
            if (!concerned || rule.Direction != NetworkDirection.Bind || address.Port < rule.FirstPort || address.Port > rule.LastPort)
            {
                continue;
            }

            if (!rule.Allow || rule.Network == 0)
            {
                return rule.Allow ? Answer.Allow : Answer.Deny;
            }
        }

        return Answer.None;
    }

    /// <summary>What the rules say of a unix path (canonical).</summary>
    public Answer UnixPath(ReadOnlySpan<byte> canonical, NetworkDirection direction)
    {
        if (_unix.Length == 0)
        {
            return Answer.None;
        }

        // sun_path has 108 bytes, its canonical form may be longer; what is longer than the buffer cannot be told and is denied.
        if (canonical.Length > 4096)
        {
            return Answer.Deny;
        }

        Span<char> wide = stackalloc char[canonical.Length];
        Widen(canonical, wide);
        foreach (ref readonly var rule in _unix.AsSpan())
        {
            if (rule.Direction == direction && rule.Path is not null && rule.Path.IsMatch(canonical, wide))
            {
                return rule.Allow ? Answer.Allow : Answer.Deny;
            }
        }

        return Answer.None;
    }

    /// <summary>What the rules say of an abstract name (without the leading NUL; it may contain others).</summary>
    public Answer AbstractName(ReadOnlySpan<byte> name, NetworkDirection direction)
    {
        // sun_path has 108 bytes (unix(7)).
        if (name.Length > 108)
        {
            return Answer.Deny;
        }

        Span<char> wide = stackalloc char[name.Length];
        Widen(name, wide);
        foreach (ref readonly var rule in _unix.AsSpan())
        {
            if (rule.Direction == direction && rule.Name is not null && (rule.NameGlob?.IsMatch(wide) ?? name.SequenceEqual(rule.Name)))
            {
                return rule.Allow ? Answer.Allow : Answer.Deny;
            }
        }

        return Answer.None;
    }

    private Answer Match(int family, UInt128 bits, ushort port, NetworkDirection direction)
    {
        foreach (ref readonly var rule in _internet.AsSpan())
        {
            if (rule.Direction == direction && (rule.Family == 0 || (rule.Family == family && (bits & rule.Mask) == rule.Network))
                && port >= rule.FirstPort && port <= rule.LastPort)
            {
                return rule.Allow ? Answer.Allow : Answer.Deny;
            }
        }

        return Answer.None;
    }

    private static Answer Or(Answer answer, Answer byDefault) => answer == Answer.None ? byDefault : answer;

    private static Answer WorseIfDenied(Answer one, Answer other)
        => one == Answer.Deny || other == Answer.Deny ? Answer.Deny
            : one == Answer.Allow || other == Answer.Allow ? Answer.Allow : Answer.None;

    private static (int Family, UInt128 Bits) Normalise(in SocketAddress address)
    {
        if (address.Family != SocketAddress.Inet6)
        {
            return (SocketAddress.Inet, (uint)address.LowBits);
        }

        var bits = new UInt128(address.HighBits, address.LowBits);
        return (bits & ~(UInt128)uint.MaxValue) == s_mappedPrefix ? (SocketAddress.Inet, (uint)bits) : (SocketAddress.Inet6, bits);
    }

    private static void Widen(ReadOnlySpan<byte> bytes, Span<char> wide)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            wide[i] = (char)bytes[i];
        }
    }

    private static InternetRule CompileInternet(NetworkRule rule)
    {
        var (first, last) = rule.FirstPort == 0 && rule.LastPort == 0 ? ((ushort)0, ushort.MaxValue) : (rule.FirstPort, rule.LastPort);
        if (first > last)
        {
            throw new PolicyException($"network rule has the ports {first}-{last}, which run backwards");
        }

        if (rule.Network is not { } network)
        {
            return new InternetRule(rule.Allow, rule.Direction, 0, 0, 0, first, last);
        }

        if (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
        {
            return Make(SocketAddress.Inet, BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()), network.PrefixLength, 32);
        }

        var bits = BinaryPrimitives.ReadUInt128BigEndian(network.BaseAddress.GetAddressBytes());
        var mapped = network.PrefixLength >= 96 && (bits & ~(UInt128)uint.MaxValue) == s_mappedPrefix;
        return mapped ? Make(SocketAddress.Inet, (uint)bits, network.PrefixLength - 96, 32) : Make(SocketAddress.Inet6, bits, network.PrefixLength, 128);

        InternetRule Make(int family, UInt128 address, int prefix, int width)
        {
            var all = width == 32 ? uint.MaxValue : UInt128.MaxValue;
            var mask = prefix == 0 ? 0 : all & ~(prefix == width ? 0 : all >> prefix);
            return new InternetRule(rule.Allow, rule.Direction, family, address & mask, mask, first, last);
        }
    }

    private static UnixRule CompileUnix(NetworkRule rule)
    {
        var text = rule.UnixPath!;
        if (rule.Network is not null || rule.FirstPort != 0 || rule.LastPort is not (0 or ushort.MaxValue))
        {
            throw new PolicyException($"network rule for the unix socket \"{text}\" also has an address or ports; write two rules");
        }

        if (!text.StartsWith('@'))
        {
            return new UnixRule(rule.Allow, rule.Direction, PathPattern.Parse(text, "unix socket"), null, null);
        }

        if (text.Length == 1 || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new PolicyException($"unix socket \"{text}\" names no abstract socket; write @ and its name, with \\x00 for a NUL");
        }

        var (glob, name) = GlobSyntax.TranslateName(text[1..], text, "unix socket");
        var regex = glob is null ? null : new Regex(glob, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return new UnixRule(rule.Allow, rule.Direction, null, name, regex);
    }
}
