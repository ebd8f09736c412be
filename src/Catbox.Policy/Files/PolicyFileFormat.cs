namespace Catbox.Policy.Files;

/// <summary>How a policy file is written.</summary>
public enum PolicyFileFormat : byte
{
    /// <summary>TOML 1.0.</summary>
    Toml = 0,
    /// <summary>JSON, without comments; <c>$schema</c> is allowed.</summary>
    Json = 1,
}
