using System.Globalization;
using Catbox.Policy.Decoding;

namespace Catbox.Policy.Judging;

/// <summary>Writes what a report says of a destination, as bytes into room that is given: nothing is allocated.</summary>
internal static class DestinationText
{
    /// <summary>Beyond all numbers that have a name.</summary>
    public const int MostNames = 64;

    /// <summary><c>1.2.3.4:80</c>, <c>::1:80</c> (no brackets, as catbox 1.7.0), a unix path, <c>@name</c>, or <c>unknown</c>.</summary>
    /// <param name="address">The destination.</param>
    /// <param name="into">At least 160 bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Address(in SocketAddress address, Span<byte> into)
    {
        var at = 0;
        switch (address.Family)
        {
            case SocketAddress.Inet:
                AppendIPv4(into, ref at, (uint)address.LowBits);
                break;
            case SocketAddress.Inet6:
                AppendIPv6(into, ref at, address.HighBits, address.LowBits);
                break;
            case SocketAddress.Unix when address.UnixPath.Length > 0:
                address.UnixPath.Span.CopyTo(into);
                if (address.IsAbstract)
                {
                    // The other NULs are of the name; the text of a report shows them as \x00.
                    into[0] = (byte)'@';
                }

                return address.UnixPath.Length;
            default:
                "unknown"u8.CopyTo(into);
                return "unknown".Length;
        }

        into[at++] = (byte)':';
        AppendNumber(into, ref at, address.Port);
        return at;
    }

    /// <summary><c>AF_INET6 SOCK_STREAM</c>; a number stands where the name is not known, and a protocol other than 0 is added.</summary>
    public static int Socket(int family, int type, int protocol, Span<byte> into)
    {
        var at = 0;
        AppendNamed(into, ref at, FamilyName(family), "family "u8, family);
        into[at++] = (byte)' ';
        AppendNamed(into, ref at, TypeName(type), "type "u8, type);
        if (protocol != 0)
        {
            Append(into, ref at, " protocol "u8);
            AppendNumber(into, ref at, protocol);
        }

        return at;
    }

    /// <summary><c>group 123</c>.</summary>
    public static int Group(int group, Span<byte> into)
    {
        var at = 0;
        Append(into, ref at, "group "u8);
        AppendNumber(into, ref at, group);
        return at;
    }

    /// <summary><c>process 123</c>.</summary>
    public static int Process(int pid, Span<byte> into)
    {
        var at = 0;
        Append(into, ref at, "process "u8);
        AppendNumber(into, ref at, pid);
        return at;
    }

    private static void AppendIPv4(Span<byte> into, ref int at, uint address)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            AppendNumber(into, ref at, (byte)(address >> shift));
            if (shift > 0)
            {
                into[at++] = (byte)'.';
            }
        }
    }

    /// <summary>RFC 5952: the first longest run of two or more zero groups is cut, digits are lower case.</summary>
    private static void AppendIPv6(Span<byte> into, ref int at, ulong high, ulong low)
    {
        if (high == 0 && low >> 32 == 0xFFFF)
        {
            Append(into, ref at, "::ffff:"u8);
            AppendIPv4(into, ref at, (uint)low);
            return;
        }

        var (cutAt, cutLength) = LongestZeroRun(high, low);
        for (var group = 0; group < 8; group++)
        {
            if (group == cutAt)
            {
                Append(into, ref at, "::"u8);
                group += cutLength - 1;
                continue;
            }

            if (group > 0 && group != cutAt + cutLength)
            {
                into[at++] = (byte)':';
            }

            Group(high, low, group).TryFormat(into[at..], out var written, "x", CultureInfo.InvariantCulture);
            at += written;
        }
    }

    private static (int At, int Length) LongestZeroRun(ulong high, ulong low)
    {
        var (bestAt, bestLength) = (-1, 1);
        for (var start = 0; start < 8; start++)
        {
            var end = start;
            while (end < 8 && Group(high, low, end) == 0)
            {
                end++;
            }

            if (end - start > bestLength)
            {
                (bestAt, bestLength) = (start, end - start);
            }
        }

        return bestAt < 0 ? (-1, 0) : (bestAt, bestLength);
    }

    private static ushort Group(ulong high, ulong low, int group)
        => (ushort)(group < 4 ? high >> (48 - (16 * group)) : low >> (48 - (16 * (group - 4))));

    private static void AppendNamed(Span<byte> into, ref int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> label, int value)
    {
        if (!name.IsEmpty)
        {
            Append(into, ref at, name);
            return;
        }

        Append(into, ref at, label);
        AppendNumber(into, ref at, value);
    }

    private static void Append(Span<byte> into, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into[at..]);
        at += text.Length;
    }

    private static void AppendNumber(Span<byte> into, ref int at, int value)
    {
        value.TryFormat(into[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
    }

    // include/linux/socket.h
    public static ReadOnlySpan<byte> FamilyName(int family) => family switch
    {
        1 => "AF_UNIX"u8,
        2 => "AF_INET"u8,
        3 => "AF_AX25"u8,
        10 => "AF_INET6"u8,
        15 => "AF_KEY"u8,
        16 => "AF_NETLINK"u8,
        17 => "AF_PACKET"u8,
        21 => "AF_RDS"u8,
        29 => "AF_CAN"u8,
        30 => "AF_TIPC"u8,
        31 => "AF_BLUETOOTH"u8,
        38 => "AF_ALG"u8,
        40 => "AF_VSOCK"u8,
        41 => "AF_KCM"u8,
        43 => "AF_SMC"u8,
        44 => "AF_XDP"u8,
        _ => default,
    };

    public static ReadOnlySpan<byte> TypeName(int type) => type switch
    {
        1 => "SOCK_STREAM"u8,
        2 => "SOCK_DGRAM"u8,
        3 => "SOCK_RAW"u8,
        4 => "SOCK_RDM"u8,
        5 => "SOCK_SEQPACKET"u8,
        _ => default,
    };
}
