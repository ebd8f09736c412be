namespace Catbox.Policy.Rules;

/// <summary>What happens to a call that the policy refuses.</summary>
public enum OnViolation : byte
{
    /// <summary>It fails (EACCES for files), the violation is recorded, the guest goes on.</summary>
    Deny = 0,
    /// <summary>It is let through and recorded (catbox 1.7.0's collect_only).</summary>
    Log = 1,
    /// <summary>It is recorded and the session is killed.</summary>
    Kill = 2,
}
