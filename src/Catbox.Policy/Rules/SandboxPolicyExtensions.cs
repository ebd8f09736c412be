namespace Catbox.Policy.Rules;

/// <summary>Putting policies together.</summary>
public static class SandboxPolicyExtensions
{
    /// <summary>
    /// One policy of two, such as a file's and the command line's. Lists are joined; <paramref name="other"/>'s network rules come first, since the
    /// first match wins. <see cref="SandboxPolicy.Network"/> and <see cref="SandboxPolicy.OnViolation"/> are the other's unless they have their
    /// default there; it is strict when one of them is.
    /// </summary>
    public static SandboxPolicy Merge(this SandboxPolicy policy, SandboxPolicy other)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(other);
        return policy with
        {
            Writable = [.. policy.Writable, .. other.Writable],
            DenyWrite = [.. policy.DenyWrite, .. other.DenyWrite],
            Readable = [.. policy.Readable, .. other.Readable],
            DenyRead = [.. policy.DenyRead, .. other.DenyRead],
            Executable = [.. policy.Executable, .. other.Executable],
            DenyExecute = [.. policy.DenyExecute, .. other.DenyExecute],
            Silent = [.. policy.Silent, .. other.Silent],
            Network = other.Network != NetworkMode.Off ? other.Network : policy.Network,
            NetworkRules = [.. other.NetworkRules, .. policy.NetworkRules],
            OnViolation = other.OnViolation != OnViolation.Deny ? other.OnViolation : policy.OnViolation,
            Strict = policy.Strict || other.Strict,
        };
    }
}
