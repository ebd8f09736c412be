namespace Catbox.Policy.Decoding;

/// <summary>A socket address as the guest gave it, taken apart.</summary>
/// <param name="Family">AF_*; -1 where the length is too short to have one.</param>
/// <param name="HighBits">IPv4: 0. IPv6: the first eight bytes, big-endian.</param>
/// <param name="LowBits">IPv4: the address in the low 32 bits. IPv6: the last eight bytes, big-endian.</param>
/// <param name="Port">The port of an internet address, host order.</param>
/// <param name="ScopeId">sin6_scope_id.</param>
/// <param name="UnixPath">A unix path (no NUL), or an abstract name (with the leading NUL), or empty (unnamed, autobind).</param>
/// <param name="Length">sa length as given.</param>
internal readonly record struct SocketAddress(
    int Family, ulong HighBits, ulong LowBits, ushort Port, uint ScopeId, ReadOnlyMemory<byte> UnixPath, int Length)
{
    /// <summary>AF_UNSPEC.</summary>
    public const int Unspecified = 0;
    /// <summary>AF_UNIX.</summary>
    public const int Unix = 1;
    /// <summary>AF_INET.</summary>
    public const int Inet = 2;
    /// <summary>AF_INET6.</summary>
    public const int Inet6 = 10;
    /// <summary>AF_NETLINK.</summary>
    public const int Netlink = 16;

    /// <summary>True for a unix name that starts with NUL.</summary>
    public bool IsAbstract => Family == Unix && UnixPath.Length > 0 && UnixPath.Span[0] == 0;
}
