namespace Catbox.Runtime;

/// <summary>The cases of a <see cref="GuestStream"/>.</summary>
public enum GuestStreamKind
{
    /// <summary>The host's own stream.</summary>
    Inherit = 0,
    /// <summary>/dev/null.</summary>
    Null,
    /// <summary>A pipe.</summary>
    Piped,
    /// <summary>A file.</summary>
    File,
}
