namespace Catbox.Policy.Enacting;

/// <summary>
/// What an openat2 asks of the way to its object (RESOLVE_NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH): the way is gone once the path is canonical, so it is walked
/// with these bits before. A value; its memory is the request's and the judgement's.
/// </summary>
internal struct OpenScope
{
    /// <summary>The RESOLVE_* bits, 0 where there are none to keep.</summary>
    public ulong Resolve;
    /// <summary>The directory descriptor, AT_FDCWD for the working directory.</summary>
    public int DirFd;
    /// <summary>The path as given.</summary>
    public ReadOnlyMemory<byte> Path;
    /// <summary>Whether a link in the last place is followed.</summary>
    public bool Follow;
    /// <summary>Whether the object was there.</summary>
    public bool Exists;
    /// <summary>Where the judge found that it leads: the canonical path.</summary>
    public ReadOnlyMemory<byte> Judged;
}
