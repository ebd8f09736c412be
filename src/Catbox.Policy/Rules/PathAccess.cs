namespace Catbox.Policy.Rules;

/// <summary>What a call wants of a path.</summary>
public enum PathAccess : byte
{
    /// <summary>To look at it or read it.</summary>
    Read = 0,
    /// <summary>To change its content, metadata, or the entry itself.</summary>
    Write = 1,
    /// <summary>To execute it.</summary>
    Execute = 2,
}
