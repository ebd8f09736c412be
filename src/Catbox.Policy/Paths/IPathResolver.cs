namespace Catbox.Policy.Paths;

/// <summary>
/// Resolves paths as the kernel would for the guest whose call is judged: its working directory, root, descriptors, <c>/proc/self</c>.
/// Bound to the thread of the stop by whoever calls the judge.
/// </summary>
internal interface IPathResolver
{
    /// <summary>Resolves <paramref name="path"/> relative to <paramref name="dirFd"/> (AT_FDCWD: the working directory).</summary>
    /// <returns>The errno that the guest would get from the look-up (ENOENT of a *parent*, ENOTDIR, ELOOP, EACCES, ENAMETOOLONG, EBADF), or success.
    /// A missing last component is success with <see cref="ResolvedPath.Exists"/> false.</returns>
    Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into);

    /// <summary>The object behind one of the guest's descriptors.</summary>
    /// <returns>EBADF when there is none.</returns>
    Errno ResolveDescriptor(int fd, ResolvedPath into);

    /// <summary>Whether a path lies on a procfs. Asked of the few only whose text makes it likely.</summary>
    /// <returns>True also where that cannot be told.</returns>
    bool IsOnProcFs(ReadOnlySpan<byte> canonical);
}
