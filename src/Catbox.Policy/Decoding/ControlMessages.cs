using System.Buffers.Binary;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Policy.Decoding;

/// <summary>
/// The control messages of a send (cmsg(3)): with them a packet gets a route, a sender and a link of its own, past the address that was judged. Pure.
/// </summary>
internal static class ControlMessages
{
    /// <summary>The longest that is copied. Kernels take more (net.core.optmem_max); what is longer gets their errno for too much.</summary>
    internal const int MaxLength = 4096;

    // struct cmsghdr (include/linux/socket.h): size_t cmsg_len, int cmsg_level, int cmsg_type.
    private const int Header = 16;

    // ip_cmsg_send (net/ipv4/ip_sockglue.c), ip6_datagram_send_ctl (net/ipv6/datagram.c), __sock_cmsg_send (net/core/sock.c)
    private const int SO_MARK = 36, IP_TOS = 1, IP_TTL = 2, IP_PKTINFO = 8;
    private const int IPV6_2292PKTINFO = 2, IPV6_2292HOPLIMIT = 8, IPV6_FLOWINFO = 11, IPV6_PKTINFO = 50, IPV6_HOPLIMIT = 52, IPV6_DONTFRAG = 62, IPV6_TCLASS = 67;

    // struct in_pktinfo begins with the interface, struct in6_pktinfo has it behind the address.
    private const int InterfaceOfIPv4 = 0, InterfaceOfIPv6 = 16;

    /// <summary>Looks for the first message that is not allowed.</summary>
    /// <param name="control">All of them, as the kernel will read them.</param>
    /// <returns>Success; EPERM for one that is not allowed; EINVAL where the kernel would find its length wrong.</returns>
    internal static Errno Check(ReadOnlySpan<byte> control)
    {
        while (control.Length >= Header)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(control);
            if (length < Header || length > (ulong)control.Length)
            {
                return Errno.EINVAL;
            }

            var level = BinaryPrimitives.ReadInt32LittleEndian(control[8..]);
            var type = BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
            if (!IsAllowed(level, type, control[Header..(int)length]))
            {
                return Errno.EPERM;
            }

            control = control[Math.Min(control.Length, (int)((length + 7) & ~7UL))..];
        }

        return Errno.None;
    }

    private static bool IsAllowed(int level, int type, ReadOnlySpan<byte> data) => level switch
    {
        SocketOptions.SOL_SOCKET => type != SO_MARK,
        SocketOptions.SOL_IP => type is IP_TOS or IP_TTL || (type == IP_PKTINFO && NamesNoInterface(data, InterfaceOfIPv4)),
        SocketOptions.SOL_IPV6 => type is IPV6_2292HOPLIMIT or IPV6_FLOWINFO or IPV6_HOPLIMIT or IPV6_DONTFRAG or IPV6_TCLASS
            || (type is IPV6_PKTINFO or IPV6_2292PKTINFO && NamesNoInterface(data, InterfaceOfIPv6)),
        _ => true,
    };

    /// <summary>What is too short the kernel refuses.</summary>
    private static bool NamesNoInterface(ReadOnlySpan<byte> data, int at)
        => data.Length < at + sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(data[at..]) == 0;
}
