using Catbox.Policy.Rules;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Landlock;

// TCP ports and scopes.
internal static partial class LandlockPlanner
{
    private const int TcpAbi = 4;
    private const int ScopeAbi = 6;

    /// <summary>A rule is on one port, and a range is as many rules: more than this would cost a launch more than the floor is worth.</summary>
    private const int MaxPorts = 256;

    private static LandlockPlan WithNetwork(LandlockPlan plan, SandboxPolicy policy)
    {
        var ports = new SortedDictionary<ushort, ulong>();
        if (plan.Abi >= TcpAbi && policy.Network != NetworkMode.On)
        {
            Handle(NetworkDirection.Connect, LANDLOCK_ACCESS_NET_CONNECT_TCP);
            Handle(NetworkDirection.Bind, LANDLOCK_ACCESS_NET_BIND_TCP);
        }

        return plan with
        {
            Ports = [.. ports.Select(static p => new LandlockPortRule(p.Key, p.Value))],
            Scoped = plan.Abi < ScopeAbi ? 0
                : LANDLOCK_SCOPE_SIGNAL | (AllowsAbstractNames(policy) ? 0 : LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET),
        };

        // Which address an allowed port may be used with is the judge's; so is what a denying rule takes away again.
        void Handle(NetworkDirection direction, ulong access)
        {
            var allowed = new HashSet<ushort>();
            foreach (var rule in policy.NetworkRules.IsDefault ? [] : policy.NetworkRules)
            {
                if (!rule.Allow || rule.UnixPath is not null || rule.Direction != direction)
                {
                    continue;
                }

                if ((rule.FirstPort == 0 && rule.LastPort == 0) || rule.LastPort - rule.FirstPort >= MaxPorts)
                {
                    return;
                }

                for (var port = (int)rule.FirstPort; port <= rule.LastPort; port++)
                {
                    allowed.Add((ushort)port);
                }
            }

            if (allowed.Count > MaxPorts)
            {
                return;
            }

            plan = plan with { HandledNetwork = plan.HandledNetwork | access };
            foreach (var port in allowed)
            {
                ports[port] = ports.GetValueOrDefault(port) | access;
            }
        }
    }

    /// <summary>Whether a connection to an abstract name may be allowed: the scope knows all names of the outside or none.</summary>
    private static bool AllowsAbstractNames(SandboxPolicy policy) =>
        policy.Network == NetworkMode.On
        || (!policy.NetworkRules.IsDefault && policy.NetworkRules.Any(static r =>
            r.Allow && r.Direction == NetworkDirection.Connect && r.UnixPath is ['@', ..]));
}
