namespace Catbox.Policy.Paths;

/// <summary>What a magic link of procfs (<c>cwd</c>, <c>exe</c>, <c>fd/N</c>, <c>map_files/…</c>) tells beside the object that it leads to.</summary>
/// <param name="Descriptor">The number of the guest's own descriptor that it is, or -1.</param>
/// <param name="Process">The process or thread in whose directory it stands; -1 where that cannot be told.</param>
/// <param name="MayWrite">Whether it may be written through: proc(5) shows by the link's own mode how a descriptor was opened.</param>
public readonly record struct MagicLink(int Descriptor, int Process, bool MayWrite);
