using System.Collections.Immutable;
using System.Net;
using Catbox.Policy.Rules;

namespace Catbox.Policy.Files;

/// <summary>Makes a policy of the nodes of a file. Every error names the file and the line.</summary>
internal sealed class PolicyBinder(string file, IReadOnlyDictionary<string, string> variables)
{
    /// <summary>The keys of a policy.</summary>
    internal static ImmutableArray<string> PolicyKeys { get; } =
    [
        "writable", "deny-write", "readable", "deny-read", "execute", "deny-execute", "silent", "network", "network-rules", "on-violation", "strict",
    ];

    /// <summary>The keys of a network rule.</summary>
    internal static ImmutableArray<string> RuleKeys { get; } = ["allow", "to", "ports", "unix", "direction"];

    /// <summary>Makes the policy.</summary>
    public SandboxPolicy Bind(TableNode root)
    {
        var policy = new SandboxPolicy();
        var seen = new HashSet<string>();
        foreach (var (key, line, value) in root.Entries)
        {
            // TOML's [[network-rule]] reads better in the singular; both mean the same.
            var name = key == "network-rule" ? "network-rules" : key;
            if (!seen.Add(name))
            {
                throw Error(line, $"the key \"{key}\" is given twice");
            }

            policy = name switch
            {
                "writable" => policy with { Writable = Patterns(name, value, "writable path") },
                "deny-write" => policy with { DenyWrite = Patterns(name, value, "denied write") },
                "readable" => policy with { Readable = Patterns(name, value, "readable path") },
                "deny-read" => policy with { DenyRead = Patterns(name, value, "denied read") },
                "execute" => policy with { Executable = Patterns(name, value, "executable path") },
                "deny-execute" => policy with { DenyExecute = Patterns(name, value, "denied execution") },
                "silent" => policy with { Silent = Patterns(name, value, "silent path") },
                "network" => policy with
                {
                    Network = Choice(name, value, ("off", NetworkMode.Off), ("on", NetworkMode.On), ("rules", NetworkMode.Rules)),
                },
                "on-violation" => policy with
                {
                    OnViolation = Choice(name, value, ("deny", OnViolation.Deny), ("log", OnViolation.Log), ("kill", OnViolation.Kill)),
                },
                "strict" => policy with { Strict = Boolean(name, value) },
                "network-rules" => policy with { NetworkRules = [.. List(key, value, "tables").SelectMany(NetworkRules)] },
                "$schema" when value is TextNode => policy,
                _ => throw Unknown(key, line, PolicyKeys),
            };
        }

        return policy;
    }

    private IEnumerable<NetworkRule> NetworkRules(PolicyNode node)
    {
        if (node is not TableNode table)
        {
            throw Error(node.Line, $"a network rule is a table, not {node.Kind}; write {{ allow = true, to = \"10.0.0.0/8\", ports = \"443\" }}");
        }

        bool? allow = null;
        ImmutableArray<IPNetwork?>? to = null;
        (ushort First, ushort Last)? ports = null;
        string? unix = null;
        var unixLine = 0;
        var direction = NetworkDirection.Connect;
        foreach (var (key, line, value) in table.Entries)
        {
            switch (key)
            {
                case "allow":
                    allow = Boolean(key, value);
                    break;
                case "to":
                    to = At(value.Line, () => NetworkRuleParser.ParseNetworks(Text(key, value)));
                    break;
                case "ports":
                    ports = At(value.Line, () => NetworkRuleParser.ParsePorts(
                        value is IntegerNode number ? number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : Text(key, value)));
                    break;
                case "unix":
                    unix = Text(key, value);
                    unix = unix.StartsWith('@') ? unix : Expand(unix, value.Line);
                    unixLine = value.Line;
                    break;
                case "direction":
                    direction = Choice(key, value, ("connect", NetworkDirection.Connect), ("bind", NetworkDirection.Bind));
                    break;
                default:
                    throw Unknown(key, line, RuleKeys);
            }
        }

        if (allow is not { } allowed)
        {
            throw Error(table.Line, "a network rule needs \"allow\": write allow = true or allow = false");
        }

        if (unix is not null)
        {
            return to is null && ports is null
                ? [At(unixLine, () => NetworkRuleParser.UnixRule(unix, allowed, direction))]
                : throw Error(table.Line, "a network rule has either \"unix\" or \"to\" and \"ports\"; write two rules");
        }

        if (to is null && ports is null)
        {
            throw Error(table.Line, "a network rule needs \"to\", \"ports\" or \"unix\"; write to = \"*\" for every address");
        }

        var (first, last) = ports ?? (0, ushort.MaxValue);
        return (to ?? [null]).Select(network => new NetworkRule(allowed, network, first, last, direction, null));
    }

    private ImmutableArray<string> Patterns(string key, PolicyNode node, string what)
    {
        var patterns = ImmutableArray.CreateBuilder<string>();
        foreach (var item in List(key, node, "strings"))
        {
            var pattern = item is TextNode text
                ? Expand(text.Value, item.Line)
                : throw Error(item.Line, $"\"{key}\" is a list of strings; it contains {item.Kind}");

            // Compiled here only for its errors, which belong to this line.
            patterns.Add(At(item.Line, () => PathPattern.Parse(pattern, what)).Text);
        }

        return patterns.ToImmutable();
    }

    private string Expand(string pattern, int line) => At(line, () => PatternVariables.Expand(pattern, variables));

    private IReadOnlyList<PolicyNode> List(string key, PolicyNode node, string of)
        => node is ListNode list ? list.Items : throw WrongType(key, node, $"a list of {of}");

    private string Text(string key, PolicyNode node) => node is TextNode text ? text.Value : throw WrongType(key, node, "a string");

    private bool Boolean(string key, PolicyNode node) => node is BooleanNode boolean ? boolean.Value : throw WrongType(key, node, "true or false");

    private T Choice<T>(string key, PolicyNode node, params (string Name, T Value)[] choices)
    {
        var names = string.Join(" or ", choices.Select(choice => $"\"{choice.Name}\""));
        if (node is not TextNode text)
        {
            throw WrongType(key, node, names);
        }

        foreach (var (name, value) in choices)
        {
            if (name == text.Value)
            {
                return value;
            }
        }

        throw Error(node.Line, $"\"{key}\" is \"{text.Value}\"; write {names}");
    }

    private T At<T>(int line, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (PolicyException e) when (e.File is null)
        {
            throw Error(line, e.Message);
        }
    }

    private PolicyException WrongType(string key, PolicyNode node, string expected) => Error(node.Line, $"\"{key}\" is {node.Kind}; write {expected}");

    private PolicyException Unknown(string key, int line, ImmutableArray<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(key, candidate))!;
        var hint = Distance(key, nearest) <= Math.Max(2, key.Length / 3)
            ? $"did you mean \"{nearest}\"?"
            : "known are " + string.Join(", ", known);
        return Error(line, $"unknown key \"{key}\"; {hint}");
    }

    private PolicyException Error(int line, string message) => new(message, file, line);

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein); <c>_</c> and <c>-</c> count as the same, and so do cases.</summary>
    internal static int Distance(string one, string other)
    {
        one = one.Replace('_', '-').ToUpperInvariant();
        other = other.ToUpperInvariant();
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
