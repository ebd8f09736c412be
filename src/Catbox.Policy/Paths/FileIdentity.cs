namespace Catbox.Policy.Paths;

/// <summary>Which object it is, whatever its name.</summary>
/// <param name="Kind">S_IFMT.</param>
/// <param name="Device">st_dev.</param>
/// <param name="Inode">st_ino.</param>
internal readonly record struct FileIdentity(FileKind Kind, ulong Device, ulong Inode);
