namespace Catbox.Policy.Paths;

/// <summary>What a path leads to (S_IFMT).</summary>
internal enum FileKind : byte
{
    /// <summary>Nothing is there, or it was not looked at.</summary>
    Unknown = 0,
    /// <summary>S_IFREG.</summary>
    Regular,
    /// <summary>S_IFDIR.</summary>
    Directory,
    /// <summary>S_IFLNK (only when the last link is not followed).</summary>
    Symlink,
    /// <summary>S_IFCHR.</summary>
    CharacterDevice,
    /// <summary>S_IFBLK.</summary>
    BlockDevice,
    /// <summary>S_IFIFO, named.</summary>
    Fifo,
    /// <summary>S_IFSOCK, named.</summary>
    Socket,
    /// <summary>A pipe, socket, memfd, anonymous inode: no path leads to it.</summary>
    Anonymous,
}
