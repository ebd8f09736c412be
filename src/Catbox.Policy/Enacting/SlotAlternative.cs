namespace Catbox.Policy.Enacting;

/// <summary>
/// Another path to the object of an open, for a guest that may not search the directories of the canonical one, or whose descriptor's file has lost that name. It
/// depends on something of the calling thread's own, and is taken only where no other task can change that. Of a bind it is the other way about: the path as given depends on such things, and the
/// alternative is the canonical one. A value; its memory is the request's.
/// </summary>
internal struct SlotAlternative
{
    /// <summary>What it depends on.</summary>
    public SlotAlternativeKind Kind;
    /// <summary>
    /// Whose it is: the task whose magic link the path as given goes through, which need not be the caller; 0 where the call's own argument says it, which is the
    /// calling thread's.
    /// </summary>
    public int Task;
    /// <summary>The directory descriptor that the path starts from, AT_FDCWD for the working directory.</summary>
    public int DirFd;
    /// <summary>The canonical path of a socket that is bound; empty for an open.</summary>
    public ReadOnlyMemory<byte> Path;
    /// <summary>The descriptor that is opened again.</summary>
    public int Descriptor;
}
