namespace Catbox.Policy.Paths;

/// <summary>How a path is resolved.</summary>
[Flags]
internal enum ResolveOptions : byte
{
    /// <summary>The last link is followed, and the last component may be missing.</summary>
    None = 0,
    /// <summary>The last link is not followed.</summary>
    NoFollow = 1,
    /// <summary>The parent must exist and the last component names an entry of it (mkdir, unlink): implies <see cref="NoFollow"/>.</summary>
    Entry = 2,
    /// <summary>Kind, device and inode are wanted too; and <see cref="ResolvedPath.Exists"/> must be true to the letter.</summary>
    Stat = 4,
}
