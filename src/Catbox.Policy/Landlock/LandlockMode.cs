namespace Catbox.Policy.Landlock;

/// <summary>Whether a session gets a Landlock domain (landlock(7)) as its floor.</summary>
public enum LandlockMode : byte
{
    /// <summary>As far as the kernel has it and the policy can be expressed; what is missing is told by the session's rules, and changes nothing else.</summary>
    Auto = 0,
    /// <summary>As <see cref="Auto"/>; where no floor can be laid nothing is started.</summary>
    Require = 1,
    /// <summary>None.</summary>
    Off = 2,
}
