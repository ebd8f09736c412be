namespace Catbox.Policy.Paths;

/// <summary>
/// What <see cref="PathWalker"/> asks of a file system, one component at a time, as one guest sees it: its root, its working directory,
/// its descriptors, its <c>/proc/self</c>. Handles pin objects like O_PATH descriptors; whoever gets one closes it.
/// </summary>
internal interface IFileSystemView
{
    /// <summary>The guest's root.</summary>
    Errno OpenRoot(out int handle);

    /// <summary>Where a relative path starts: AT_FDCWD (-100) or a descriptor of the guest's (EBADF where it is none).</summary>
    Errno OpenStart(int dirFd, out int handle);

    /// <summary>One entry of a directory, a link not followed, mounts crossed: O_PATH|O_NOFOLLOW. Never given <c>..</c>; <c>.</c> is the
    /// directory itself, where it may be searched.</summary>
    /// <returns>ENOENT where there is none, EACCES where the directory may not be searched.</returns>
    Errno OpenEntry(int directory, ReadOnlySpan<byte> name, out int handle);

    /// <summary>The directory above; the guest's root is above itself.</summary>
    Errno OpenParent(int directory, out int handle);

    /// <summary>What a handle leads to; a link is told as <see cref="FileKind.Symlink"/>.</summary>
    Errno Identify(int handle, out FileIdentity identity);

    /// <summary>
    /// The text of the link <paramref name="link"/>, which is the entry <paramref name="name"/> of <paramref name="directory"/>, as the guest would
    /// read it; or that it is a magic link (proc(5): cwd, root, exe, fd/N), whose text does not tell where it leads.
    /// </summary>
    /// <param name="directory">The directory that holds it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="link">The handle of the link.</param>
    /// <param name="text">Room for PATH_MAX bytes.</param>
    /// <param name="length">How many bytes of it were written.</param>
    /// <param name="isMagic">Whether to ask <see cref="OpenMagic"/> instead.</param>
    Errno ReadLink(int directory, ReadOnlySpan<byte> name, int link, Span<byte> text, out int length, out bool isMagic);

    /// <summary>Follows a magic link.</summary>
    /// <param name="directory">The directory that holds it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="handle">The object, which may have no name.</param>
    /// <param name="link">Whose it was.</param>
    Errno OpenMagic(int directory, ReadOnlySpan<byte> name, out int handle, out MagicLink link);

    /// <summary>Writes the canonical path of the object (or <c>pipe:[12]</c>).</summary>
    /// <param name="handle">The object.</param>
    /// <param name="into">Receives <see cref="ResolvedPath.Canonical"/> and nothing else.</param>
    /// <param name="isNamed">False where no path leads to it (any more).</param>
    Errno GetPath(int handle, ResolvedPath into, out bool isNamed);

    /// <summary>Gives a handle back.</summary>
    void Close(int handle);
}
