namespace Catbox.Policy.Judging;

/// <summary>What the session was given as a descriptor 0–2 at its launch.</summary>
/// <param name="Device">st_dev.</param>
/// <param name="Inode">st_ino.</param>
/// <param name="Writable">Whether the descriptor was open for writing. What was given to be read is not made writable by its being given.</param>
internal readonly record struct InheritedObject(ulong Device, ulong Inode, bool Writable);
