namespace Catbox.Policy.Rules;

/// <summary>What the rules say of one path, address or program.</summary>
internal enum RuleDecision : byte
{
    /// <summary>Allowed.</summary>
    Allow = 0,
    /// <summary>Denied and reported.</summary>
    Deny = 1,
    /// <summary>Denied without a violation (paths that the policy refuses silently).</summary>
    DenySilently = 2,
}
