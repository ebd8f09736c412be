using System.Collections.Immutable;

namespace Catbox.Policy.Syscalls.Tables;

/// <summary>
/// The options of sockets where rules tell addresses apart (include/uapi/linux/in.h, in6.h, tcp.h, asm-generic/socket.h). A packet has to go where the address says
/// that was judged: an option that gives it another way, another sender or another link is refused. What lies beyond the numbers of Linux 6.18 on the levels of IP
/// (52 and 78), where the packet filter has its own, is not there.
/// </summary>
/// <remarks>
/// The other options of IP say how packets look, what is told of those that come, and which multicast groups are joined. The level of sockets carries no addresses, and that of
/// TCP one state that is not reached by a connection. Other levels (UDP, TLS, netlink) have neither. What only raw sockets know (IP_HDRINCL, IPV6_HDRINCL), or nobody
/// (IPV6_NEXTHOP, IPV6_AUTHHDR), the kernel refuses on what can be made.
/// </remarks>
internal static class SocketOptions
{
    internal const int SOL_IP = 0, SOL_SOCKET = 1, SOL_TCP = 6, SOL_IPV6 = 41;

    /// <summary>What is refused and told.</summary>
    internal static ImmutableArray<SocketOption> Refused { get; } =
    [
        // The link that an address is looked up on, and the table of routes.
        new(SOL_SOCKET, 25, "SO_BINDTODEVICE"),
        new(SOL_SOCKET, 36, "SO_MARK"),
        new(SOL_SOCKET, 62, "SO_BINDTOIFINDEX"),
        new(SOL_IP, 50, "IP_UNICAST_IF"),
        new(SOL_IPV6, 76, "IPV6_UNICAST_IF"),
        new(SOL_IPV6, 50, "IPV6_PKTINFO"),

        // Another's address.
        new(SOL_IP, 19, "IP_TRANSPARENT"),
        new(SOL_IPV6, 75, "IPV6_TRANSPARENT"),

        // Source routes and extension headers: a packet goes where they say. A flow label can carry them, and so can the old form of them all.
        new(SOL_IP, 4, "IP_OPTIONS"),
        new(SOL_IPV6, 6, "IPV6_2292PKTOPTIONS"),
        new(SOL_IPV6, 32, "IPV6_FLOWLABEL_MGR"),
        new(SOL_IPV6, 54, "IPV6_HOPOPTS"),
        new(SOL_IPV6, 55, "IPV6_RTHDRDSTOPTS"),
        new(SOL_IPV6, 57, "IPV6_RTHDR"),
        new(SOL_IPV6, 59, "IPV6_DSTOPTS"),

        // A policy of IPsec wraps packets, and sends them to the other end of its tunnel.
        new(SOL_IP, 16, "IP_IPSEC_POLICY"),
        new(SOL_IP, 17, "IP_XFRM_POLICY"),
        new(SOL_IPV6, 34, "IPV6_IPSEC_POLICY"),
        new(SOL_IPV6, 35, "IPV6_XFRM_POLICY"),

        // The machine's filter of packets, through any socket.
        new(SOL_IP, 64, "IPT_SO_SET_REPLACE"),
        new(SOL_IP, 65, "IPT_SO_SET_ADD_COUNTERS"),
        new(SOL_IPV6, 64, "IP6T_SO_SET_REPLACE"),
        new(SOL_IPV6, 65, "IP6T_SO_SET_ADD_COUNTERS"),

        // A connection without a handshake, in a state that is made up.
        new(SOL_TCP, 19, "TCP_REPAIR"),
        new(SOL_TCP, 20, "TCP_REPAIR_QUEUE"),
        new(SOL_TCP, 21, "TCP_QUEUE_SEQ"),
        new(SOL_TCP, 22, "TCP_REPAIR_OPTIONS"),
        new(SOL_TCP, 29, "TCP_REPAIR_WINDOW"),
    ];

    /// <summary>The refused numbers of a level, in a range.</summary>
    internal static ImmutableArray<ulong> RefusedOn(int level, int from = 0, int below = int.MaxValue) =>
        [.. Refused.Where(o => o.Level == level && o.Number >= from && o.Number < below).Select(static o => (ulong)o.Number)];

    /// <summary>The row of a refused option, or null.</summary>
    internal static SocketOption? FindRefused(int level, int number)
    {
        foreach (var option in Refused)
        {
            if (option.Level == level && option.Number == number)
            {
                return option;
            }
        }

        return null;
    }
}
