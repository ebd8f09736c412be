using Catbox.Policy.Decoding;

namespace Catbox.Policy.Rules;

/// <content>Sockets and addresses.</content>
internal sealed partial class CompiledPolicy
{
    // include/linux/net.h: SOCK_TYPE_MASK; above it lie SOCK_NONBLOCK and SOCK_CLOEXEC.
    private const int SOCK_TYPE_MASK = 0xf;
    private const int SOCK_STREAM = 1;
    private const int SOCK_DGRAM = 2;
    private const int SOCK_RAW = 3;
    private const int IPPROTO_ICMP = 1;
    private const int IPPROTO_TCP = 6;
    private const int IPPROTO_UDP = 17;
    private const int IPPROTO_ICMPV6 = 58;
    private const int NETLINK_ROUTE = 0;

    /// <inheritdoc/>
    /// <remarks>
    /// Unix sockets may always be made. TCP and UDP (by protocol, so neither MPTCP, SCTP nor UDP-Lite) where the network is on or a rule allows something
    /// on the internet, with the netlink route socket that getaddrinfo needs; ping sockets only where the network is on. Nothing else, ever.
    /// </remarks>
    public RuleDecision DecideSocket(int family, int type, int protocol)
    {
        if (family == SocketAddress.Unix)
        {
            return RuleDecision.Allow;
        }

        if (!_internetSockets)
        {
            return RuleDecision.Deny;
        }

        type &= SOCK_TYPE_MASK;
        var allowed = family switch
        {
            SocketAddress.Inet or SocketAddress.Inet6 => type switch
            {
                SOCK_STREAM => protocol is 0 or IPPROTO_TCP,
                SOCK_DGRAM => protocol is 0 or IPPROTO_UDP
                    || (_mode == NetworkMode.On && protocol == (family == SocketAddress.Inet ? IPPROTO_ICMP : IPPROTO_ICMPV6)),
                _ => false,
            },
            SocketAddress.Netlink => type is SOCK_RAW or SOCK_DGRAM && protocol == NETLINK_ROUTE,
            _ => false,
        };
        return allowed ? RuleDecision.Allow : RuleDecision.Deny;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// AF_UNSPEC is allowed: for connect(2) it means to disconnect. For sendto(2) and sendmsg(2) on an IPv4 datagram socket the kernel takes it for
    /// AF_INET (net/ipv4/udp.c, udp_sendmsg), so there the caller passes the address as an AF_INET one.
    /// An address that is too short to have a family is allowed: the kernel answers EINVAL.
    /// </remarks>
    public RuleDecision DecideConnect(in SocketAddress address, ReadOnlySpan<byte> canonicalUnixPath)
    {
        switch (address.Family)
        {
            case -1 or SocketAddress.Unspecified:
                return RuleDecision.Allow;
            case SocketAddress.Unix:
                return DecideUnixConnect(address, canonicalUnixPath);
            case SocketAddress.Inet or SocketAddress.Inet6:
                var byDefault = _mode == NetworkMode.On ? NetworkRuleSet.Answer.Allow : NetworkRuleSet.Answer.Deny;
                return Decide(_network.Connect(address, byDefault), _mode == NetworkMode.On);
            case SocketAddress.Netlink:
                return _internetSockets ? RuleDecision.Allow : RuleDecision.Deny;
            default:
                return RuleDecision.Deny;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Off and rules deny what no rule allows, port 0 (any free port) too: it is matched by rules for all ports. AF_UNSPEC counts as the IPv4 wildcard
    /// (net/ipv4/af_inet.c, __inet_bind). A socket that listens without having been bound is asked for as the wildcard address and port 0.
    /// A unix socket that asks the kernel for a name (autobind) is let be: nobody can know the name beforehand.
    /// </remarks>
    public RuleDecision DecideBind(in SocketAddress address)
    {
        switch (address.Family)
        {
            case -1:
                return RuleDecision.Allow;
            case SocketAddress.Unix:
                return address.IsAbstract
                    ? Decide(_network.AbstractName(address.UnixPath.Span[1..], NetworkDirection.Bind), _mode == NetworkMode.On)
                    : RuleDecision.Allow;
            case SocketAddress.Unspecified or SocketAddress.Inet or SocketAddress.Inet6:
                return Decide(_network.Bind(address), _mode == NetworkMode.On);
            case SocketAddress.Netlink:
                return _internetSockets ? RuleDecision.Allow : RuleDecision.Deny;
            default:
                return RuleDecision.Deny;
        }
    }

    private RuleDecision DecideUnixConnect(in SocketAddress address, ReadOnlySpan<byte> canonical)
    {
        if (address.UnixPath.IsEmpty)
        {
            return RuleDecision.Allow;
        }

        if (address.IsAbstract)
        {
            return Decide(_network.AbstractName(address.UnixPath.Span[1..], NetworkDirection.Connect), _mode == NetworkMode.On);
        }

        var answer = _network.UnixPath(canonical, NetworkDirection.Connect);
        return answer == NetworkRuleSet.Answer.None && _mode != NetworkMode.On
            ? DecidePath(canonical, PathAccess.Write)
            : Decide(answer, _mode == NetworkMode.On);
    }

    private static RuleDecision Decide(NetworkRuleSet.Answer answer, bool byDefault) => answer switch
    {
        NetworkRuleSet.Answer.Allow => RuleDecision.Allow,
        NetworkRuleSet.Answer.Deny => RuleDecision.Deny,
        _ => byDefault ? RuleDecision.Allow : RuleDecision.Deny,
    };
}
