using System.Net;
using System.Text.Json.Serialization;

namespace Catbox.Policy.Rules;

/// <summary>One destination (or local address) that is allowed or denied. What is null matches anything.</summary>
/// <param name="Allow">Allowed, or denied.</param>
/// <param name="Network">The addresses, as CIDR; IPv4-mapped IPv6 addresses are normalised before they are matched.</param>
/// <param name="FirstPort">Lowest port, 0 for any.</param>
/// <param name="LastPort">Highest port.</param>
/// <param name="Direction">What it is about.</param>
/// <param name="UnixPath">A unix socket: a path pattern as in writable paths, or <c>@name</c> for an abstract one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NetworkRule(
    bool Allow,
    IPNetwork? Network,
    ushort FirstPort,
    ushort LastPort,
    NetworkDirection Direction,
    string? UnixPath);
