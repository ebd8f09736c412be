namespace Catbox.Policy.Paths;

/// <summary>
/// Walks a path component by component as link_path_walk, step_into and pick_link of fs/namei.c do, over any <see cref="IFileSystemView"/>.
/// It is exact where a look-up by the tracer's own kernel calls would answer for the tracer instead of the guest. Not thread-safe: one a loop.
/// </summary>
/// <param name="view">The file system as the guest sees it.</param>
internal sealed class PathWalker(IFileSystemView view)
{
    private const int None = -1;

    private readonly byte[] _linkText = new byte[PathLimits.PathMax];
    // What is still to be walked, kept at the end of the array so that a link's text goes in front of it.
    private byte[] _rest = new byte[2 * PathLimits.PathMax];
    private int _start;
    private int _at = None;

    /// <inheritdoc cref="IPathResolver.Resolve"/>
    public Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Reset();
        if (path.IsEmpty)
        {
            return Errno.ENOENT;
        }

        if (path.Length >= PathLimits.PathMax)
        {
            return Errno.ENAMETOOLONG;
        }

        into.TrailingSlash = PathSyntax.InsistsOnDirectory(path);
        _start = _rest.Length;
        Prepend(path);
        var errno = path[0] == PathSyntax.Slash ? view.OpenRoot(out _at) : view.OpenStart(dirFd, out _at);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        errno = Walk(options, into);
        view.Close(_at);
        _at = None;
        return errno;
    }

    private Errno Walk(ResolveOptions options, ResolvedPath into)
    {
        var isEntry = (options & ResolveOptions.Entry) != 0;
        var follow = (options & (ResolveOptions.Entry | ResolveOptions.NoFollow)) == 0;
        var links = 0;
        while (true)
        {
            var hadSlash = SkipSlashes();
            var errno = view.Identify(_at, out var here);
            if (!errno.IsSuccess)
            {
                return errno;
            }

            var done = _start == _rest.Length;
            // Whatever is followed by a slash or a name must be a directory, be it the start of the walk or where a magic link led.
            if (here.Kind != FileKind.Directory && (hadSlash || !done))
            {
                return Errno.ENOTDIR;
            }

            if (done)
            {
                return FinishAt(here, into);
            }

            var name = TakeName(out var isLast, out var trailing);
            if (name.SequenceEqual("."u8))
            {
                errno = view.OpenEntry(_at, name, out var itself);
                if (!errno.IsSuccess)
                {
                    return errno;
                }

                view.Close(itself);
                continue;
            }

            if (name.SequenceEqual(".."u8))
            {
                errno = view.OpenParent(_at, out var above);
                if (!errno.IsSuccess)
                {
                    return errno;
                }

                MoveTo(above, None, into);
                continue;
            }

            if (name.Length > PathLimits.NameMax)
            {
                return Errno.ENAMETOOLONG;
            }

            errno = view.OpenEntry(_at, name, out var entry);
            if (errno == Errno.ENOENT && isLast)
            {
                into.MissesDirectory = trailing;
                return FinishNamed(name, default, false, into);
            }

            if (!errno.IsSuccess)
            {
                return errno;
            }

            errno = view.Identify(entry, out var identity);
            if (!errno.IsSuccess)
            {
                view.Close(entry);
                return errno;
            }

            if (identity.Kind == FileKind.Symlink && (!isLast || follow || (trailing && !isEntry)))
            {
                errno = ++links > PathLimits.MaxSymlinks ? Errno.ELOOP : Follow(name, entry, into);
                view.Close(entry);
                if (!errno.IsSuccess)
                {
                    return errno;
                }

                continue;
            }

            if (!isLast)
            {
                MoveTo(entry, None, into);
                continue;
            }

            view.Close(entry);
            return trailing && !isEntry && identity.Kind != FileKind.Directory
                ? Errno.ENOTDIR
                : FinishNamed(name, identity, true, into);
        }
    }

    private Errno Follow(ReadOnlySpan<byte> name, int link, ResolvedPath into)
    {
        var errno = view.ReadLink(_at, name, link, _linkText, out var length, out var isMagic);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        int target;
        if (isMagic)
        {
            errno = view.OpenMagic(_at, name, out target, out var magic);
            if (errno.IsSuccess)
            {
                MoveTo(target, magic.Descriptor, into);
                into.ThroughProcess = magic.Process;
                into.MagicLinksOf = into.MagicLinksOf == 0 || into.MagicLinksOf == magic.Process ? magic.Process : -1;
                into.ThroughReadOnly = !magic.MayWrite;
            }

            return errno;
        }

        var text = _linkText.AsSpan(0, length);
        if (text.StartsWith("/"u8))
        {
            errno = view.OpenRoot(out target);
            if (!errno.IsSuccess)
            {
                return errno;
            }

            MoveTo(target, None, into);
        }

        // Text and rest as one path: a slash after the link still stands before the rest, and a slash at the end of the text
        // insists on a directory exactly as one in the path does.
        Prepend(text);
        return Errno.None;
    }

    /// <summary>The walk ended on a handle and not on a name: <c>/</c>, dots, a magic link.</summary>
    private Errno FinishAt(FileIdentity identity, ResolvedPath into)
    {
        var errno = view.GetPath(_at, into, out var isNamed);
        into.Exists = errno.IsSuccess;
        into.Kind = isNamed ? identity.Kind : FileKind.Anonymous;
        into.Device = identity.Device;
        into.Inode = identity.Inode;
        if (!isNamed && identity.Kind == FileKind.Directory)
        {
            // In a removed directory there is nothing, whoever has it open.
            into.ForgetLink();
        }

        return errno;
    }

    private Errno FinishNamed(ReadOnlySpan<byte> name, FileIdentity identity, bool exists, ResolvedPath into)
    {
        var errno = view.GetPath(_at, into, out var isNamed);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        if (!isNamed)
        {
            // IS_DEADDIR: nothing is found in a removed directory and nothing can be made there.
            return Errno.ENOENT;
        }

        into.Append(name);
        into.ForgetLink();
        into.Exists = exists;
        into.Kind = identity.Kind;
        into.Device = identity.Device;
        into.Inode = identity.Inode;
        return Errno.None;
    }

    private void MoveTo(int handle, int descriptor, ResolvedPath into)
    {
        view.Close(_at);
        _at = handle;
        into.ForgetLink();
        into.ThroughDescriptor = descriptor;
    }

    private bool SkipSlashes()
    {
        var before = _start;
        while (_start < _rest.Length && _rest[_start] == PathSyntax.Slash)
        {
            _start++;
        }

        return _start != before;
    }

    /// <summary>The next component; the slashes after it stay. It is valid until something is put in front of the rest.</summary>
    private ReadOnlySpan<byte> TakeName(out bool isLast, out bool trailing)
    {
        var rest = _rest.AsSpan(_start);
        var length = rest.IndexOf(PathSyntax.Slash);
        length = length < 0 ? rest.Length : length;
        var after = rest[length..];
        isLast = after.IndexOfAnyExcept(PathSyntax.Slash) < 0;
        trailing = isLast && !after.IsEmpty;
        _start += length;
        return rest[..length];
    }

    private void Prepend(ReadOnlySpan<byte> text)
    {
        if (text.Length > _start)
        {
            // Forty links of PATH_MAX bytes are the most that there can be.
            var larger = new byte[_rest.Length + Math.Max(_rest.Length, text.Length)];
            var kept = _rest.Length - _start;
            _rest.AsSpan(_start).CopyTo(larger.AsSpan(larger.Length - kept));
            _start = larger.Length - kept;
            _rest = larger;
        }

        _start -= text.Length;
        text.CopyTo(_rest.AsSpan(_start));
    }
}
