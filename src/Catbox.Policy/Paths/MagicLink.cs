namespace Catbox.Policy.Paths;

/// <summary>What a magic link of procfs (<c>cwd</c>, <c>exe</c>, <c>fd/N</c>, <c>map_files/…</c>) tells beside the object that it leads to.</summary>
/// <param name="Descriptor">The number of the descriptor that it is, in the table of <paramref name="Process"/>; -1 where it is none.</param>
/// <param name="Process">
/// The task in whose directory it stands, and whose files it shows: a thread by its own number, which may have another descriptor table or working directory than its leader; the
/// leader in <c>/proc/PID</c> and <c>/proc/self</c>. -1 where that cannot be told.
/// </param>
/// <param name="MayWrite">Whether it may be written through: proc(5) shows by the link's own mode how a descriptor was opened.</param>
internal readonly record struct MagicLink(int Descriptor, int Process, bool MayWrite);
