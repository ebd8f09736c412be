namespace Catbox.Policy.Enforcement;

/// <summary>One rule of a session, and how strictly it holds.</summary>
/// <param name="Rule">The rule: <c>write /src</c>, <c>deny-read /home/me/.ssh</c>, <c>connect 10.0.0.7:443</c>, or one that every session has, such as
/// <c>no writes elsewhere</c>. Paths are as the policy writes them; control characters are not escaped.</param>
/// <param name="Level">How strictly. Where several things hold a rule, that which holds all of it.</param>
/// <param name="Reason">Why, one or two clauses.</param>
public sealed record RuleEnforcement(string Rule, EnforcementLevel Level, string Reason);
