using System.Collections.Immutable;
using System.Globalization;
using Catbox.Policy.Rules;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Enforcement;

// The network, and other processes.
internal static partial class EnforcementReport
{
    private const string Memory = "no memory, registers and descriptors of other processes";
    private const string Mounts = "no mounts, namespaces and modules";

    private static void AddNetwork(EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules)
    {
        var (policy, floor) = (facts.Policy, facts.Floor);
        var networkRules = OrEmpty(policy.NetworkRules);
        foreach (var rule in networkRules)
        {
            rules.Add(OfNetworkRule(facts, rule));
        }

        if (policy.Network == NetworkMode.On)
        {
            rules.Add(new RuleEnforcement(
                "network on", EnforcementLevel.TracerEnforced, "other families and protocols than TCP, UDP and ping are refused by their numbers alone"));
            return;
        }

        rules.Add(networkRules.Any(static r => r.Allow && r.UnixPath is null)
            ? new RuleEnforcement("no network elsewhere", Continued(facts), Ports(facts) + Continuing(facts))
            : new RuleEnforcement(
                "network off",
                EnforcementLevel.TracerEnforced,
                "no internet socket is made: decided by its numbers alone" + (floor.HandledNetwork != 0 ? "; Landlock refuses TCP beside that" : "")));
        rules.Add(new RuleEnforcement(
            "unix sockets only where it may write, or a rule says", Written(facts), "Landlock does not govern sockets with a path; " + Walking(facts)));
        rules.Add((floor.Scoped & LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET) != 0
            ? new RuleEnforcement("no abstract sockets of others", EnforcementLevel.KernelEnforced, "they are outside of the Landlock domain")
            : new RuleEnforcement("no abstract sockets of others", Continued(facts), NoScope(facts, "a rule allows an abstract name") + Continuing(facts)));
    }

    private static RuleEnforcement OfNetworkRule(EnforcementFacts facts, NetworkRule rule)
    {
        var level = rule.UnixPath is null ? Continued(facts) : Written(facts);
        var name = $"{(rule.Allow ? "" : "deny-")}{(rule.Direction == NetworkDirection.Connect ? "connect" : "bind")} {Destination(rule)}";
        var handled = rule.Direction == NetworkDirection.Connect ? LANDLOCK_ACCESS_NET_CONNECT_TCP : LANDLOCK_ACCESS_NET_BIND_TCP;
        var bound = rule.Allow && rule.UnixPath is null && (facts.Floor.HandledNetwork & handled) != 0
            ? "Landlock holds the ports; addresses and UDP are the tracer's, and "
            : "";
        return new RuleEnforcement(name, level, bound + (rule.UnixPath is null ? Continuing(facts) : Walking(facts)));
    }

    private static string Walking(EnforcementFacts facts) => Written(facts) == EnforcementLevel.TracerEnforced
        ? "the address is sealed, and the engine lets no guest change a directory while its path is walked"
        : Writing(facts);

    private static string Destination(NetworkRule rule) => rule.UnixPath
        ?? string.Create(CultureInfo.InvariantCulture, $"{Host(rule)}:{PortText(rule)}");

    private static string Host(NetworkRule rule) => rule.Network is not { } network ? "*"
        : network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{network}]"
        : network.PrefixLength == 32 ? network.BaseAddress.ToString() : network.ToString();

    private static string PortText(NetworkRule rule) => (rule.FirstPort, rule.LastPort) switch
    {
        (0, 0) or (0, ushort.MaxValue) => "*",
        var (first, last) when first == last => first.ToString(CultureInfo.InvariantCulture),
        var (first, last) => string.Create(CultureInfo.InvariantCulture, $"{first}-{last}"),
    };

    private static string Ports(EnforcementFacts facts) => facts.Floor.HandledNetwork switch
    {
        0 => "",
        LANDLOCK_ACCESS_NET_CONNECT_TCP => "Landlock holds the ports that TCP connects to; addresses and UDP are the tracer's, and ",
        LANDLOCK_ACCESS_NET_BIND_TCP => "Landlock holds the ports that TCP binds; what is connected to is the tracer's, and ",
        _ => "Landlock holds the ports that TCP connects to and binds; addresses and UDP are the tracer's, and ",
    };

    private static void AddProcesses(EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules)
    {
        var isScoped = (facts.Floor.Scoped & LANDLOCK_SCOPE_SIGNAL) != 0;
        rules.Add(isScoped
            ? new RuleEnforcement("no signals to others", EnforcementLevel.KernelEnforced, "they are outside of the Landlock domain")
            : new RuleEnforcement(
                "no signals to others",
                EnforcementLevel.Advisory,
                NoScope(facts, "") + "by number they are refused from registers alone, but a descriptor (pidfd_send_signal) can be exchanged after it was judged"));
        rules.Add(new RuleEnforcement(
            Memory,
            facts.Floor.IsEmpty ? Continued(facts) : EnforcementLevel.KernelEnforced,
            "ptrace, process_vm_writev, pidfd_getfd and their like are refused by the filter"
                + (facts.Floor.IsEmpty
                    ? "; but /proc/PID/mem is opened as files are, and " + Continuing(facts)
                    : ", and by the Landlock domain with all that asks for the right to trace (/proc/PID/mem, /proc/PID/fd)")));
        rules.Add(new RuleEnforcement(Mounts, EnforcementLevel.TracerEnforced, "the calls are not made, whatever their arguments"));
    }

    private static string NoScope(EnforcementFacts facts, string otherwise) =>
        facts.Floor.WhyNone is { } none ? none + "; "
        : facts.Floor.Abi < 6 ? $"version {facts.Floor.Abi} of Landlock has no scopes; "
        : otherwise + "; ";
}
