namespace Catbox.Policy.Rules;

/// <summary>What a network rule is about.</summary>
public enum NetworkDirection : byte
{
    /// <summary>connect and addressed sends.</summary>
    Connect = 0,
    /// <summary>bind and listen.</summary>
    Bind = 1,
}
