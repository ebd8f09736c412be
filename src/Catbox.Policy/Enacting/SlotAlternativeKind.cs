namespace Catbox.Policy.Enacting;

/// <summary>What a <see cref="SlotAlternative"/> depends on.</summary>
internal enum SlotAlternativeKind : byte
{
    /// <summary>There is none.</summary>
    None = 0,
    /// <summary>The working directory, which tasks made with CLONE_FS share.</summary>
    WorkingDirectory,
    /// <summary>A directory that is open as a descriptor, in a table that tasks made with CLONE_FILES share.</summary>
    Directory,
    /// <summary>A descriptor itself, by its magic link.</summary>
    MagicLink,
    /// <summary>Nothing: the canonical path of a socket that is bound, whose name should be the one that was given.</summary>
    CanonicalAddress,
}
