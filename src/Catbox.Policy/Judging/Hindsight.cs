using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Catbox.Policy.Rules;
using SocketAddress = Catbox.Policy.Decoding.SocketAddress;

namespace Catbox.Policy.Judging;

/// <summary>
/// Judges again what a violation tells of, under another policy: advice is given only where this says that it would have helped. Pure.
/// </summary>
internal static class Hindsight
{
    /// <summary>Whether a policy's rules allow what was refused.</summary>
    /// <param name="rules">The policy, compiled.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="resolved">The canonical path, or the text of a socket or destination (<see cref="Judgement.Resolved"/>).</param>
    /// <returns>False also for what no rule is about.</returns>
    public static bool Allows(IAccessRules rules, ViolationSubject subject, ReadOnlySpan<byte> resolved)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return subject switch
        {
            ViolationSubject.Write => IsPath(resolved) && rules.DecidePath(resolved, PathAccess.Write) == RuleDecision.Allow,
            ViolationSubject.Read => IsPath(resolved) && rules.DecidePath(resolved, PathAccess.Read) == RuleDecision.Allow,
            ViolationSubject.Execute => IsPath(resolved) && rules.DecidePath(resolved, PathAccess.Execute) == RuleDecision.Allow,
            ViolationSubject.Socket => TryReadSocket(resolved, out var family, out var type, out var protocol)
                && rules.DecideSocket(family, type, protocol) == RuleDecision.Allow,
            ViolationSubject.Connect => TryReadAddress(resolved, out var address)
                && rules.DecideConnect(address, IsPath(resolved) ? resolved : default) == RuleDecision.Allow,
            ViolationSubject.Bind => TryReadAddress(resolved, out var address) && rules.DecideBind(address) == RuleDecision.Allow,
            _ => false,
        };
    }

    private static bool IsPath(ReadOnlySpan<byte> resolved) => !resolved.IsEmpty && resolved[0] == (byte)'/';

    /// <summary>What <see cref="DestinationText.Socket"/> has written.</summary>
    private static bool TryReadSocket(ReadOnlySpan<byte> text, out int family, out int type, out int protocol)
    {
        (family, type, protocol) = (-1, -1, 0);
        var words = Encoding.UTF8.GetString(text).Split(' ');
        var at = 0;
        return TryReadNamed(words, ref at, "family", DestinationText.FamilyName, out family)
            && TryReadNamed(words, ref at, "type", DestinationText.TypeName, out type)
            && (at == words.Length
                || (at + 2 == words.Length && words[at] == "protocol" && int.TryParse(words[at + 1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out protocol)));
    }

    private delegate ReadOnlySpan<byte> NameOf(int value);

    private static bool TryReadNamed(string[] words, ref int at, string label, NameOf nameOf, out int value)
    {
        value = -1;
        if (at >= words.Length)
        {
            return false;
        }

        var word = words[at++];
        if (word == label)
        {
            return at < words.Length && int.TryParse(words[at++], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        for (value = 0; value < DestinationText.MostNames; value++)
        {
            if (word.Length > 0 && word == Encoding.ASCII.GetString(nameOf(value)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What <see cref="DestinationText.Address"/> has written.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> text, out SocketAddress address)
    {
        address = default;
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is (byte)'/' or (byte)'@')
        {
            var name = text.ToArray();
            name[0] = name[0] == (byte)'@' ? (byte)0 : name[0];
            address = new SocketAddress(SocketAddress.Unix, 0, 0, 0, 0, name, name.Length + 2);
            return true;
        }

        var colon = text.LastIndexOf((byte)':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !IPAddress.TryParse(Encoding.UTF8.GetString(text[..colon]), out var parsed))
        {
            return false;
        }

        var bytes = parsed.GetAddressBytes();
        address = parsed.AddressFamily == AddressFamily.InterNetwork
            ? new SocketAddress(SocketAddress.Inet, 0, BinaryPrimitives.ReadUInt32BigEndian(bytes), port, 0, default, 16)
            : new SocketAddress(SocketAddress.Inet6, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)), port, 0, default, 28);
        return true;
    }
}
