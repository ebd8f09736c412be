namespace Catbox.Policy.Rules;

/// <summary>What a path rule says; one path can carry several.</summary>
[Flags]
internal enum PathRuleFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>May be read.</summary>
    AllowRead = 1,
    /// <summary>May be written and changed.</summary>
    AllowWrite = 2,
    /// <summary>May be executed.</summary>
    AllowExecute = 4,
    /// <summary>May not be read.</summary>
    DenyRead = 8,
    /// <summary>May not be written.</summary>
    DenyWrite = 16,
    /// <summary>May not be executed.</summary>
    DenyExecute = 32,
    /// <summary>A denial is not reported.</summary>
    Silent = 64,
    /// <summary>May be opened for writing, and not changed otherwise.</summary>
    AllowOpen = 128,
}
