using System.Diagnostics.CodeAnalysis;

namespace Catbox.Policy.Enforcement;

/// <summary>One rule of a session, and how strictly it holds.</summary>
public sealed record RuleEnforcement
{
    /// <summary>Makes a rule; its members are set by name.</summary>
    public RuleEnforcement()
    {
    }

    [SetsRequiredMembers]
    internal RuleEnforcement(string rule, EnforcementLevel level, string reason)
    {
        Rule = rule;
        Level = level;
        Reason = reason;
    }

    /// <summary>
    /// The rule: <c>write /src</c>, <c>deny-read /home/me/.ssh</c>, <c>connect 10.0.0.7:443</c>, or one that every session has, such as
    /// <c>no writes elsewhere</c>. Paths are as the policy writes them; control characters are not escaped.
    /// </summary>
    public required string Rule { get; init; }
    /// <summary>How strictly. Where several things hold a rule, that which holds all of it.</summary>
    public required EnforcementLevel Level { get; init; }
    /// <summary>Why, one or two clauses.</summary>
    public required string Reason { get; init; }
}
