using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;
using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>
/// Resolves paths for a stopped guest by the tracer's own kernel calls. One instance a loop, used on that loop only; nothing is allocated per path.
/// </summary>
/// <remarks>
/// <para>The usual forms go a short way, whose kernel calls are these:</para>
/// <list type="table">
/// <item><c>name</c> (relative to the working directory or a descriptor): 2. readlink of /proc/TID/cwd names the parent, statx through the same link
/// tells what the entry is.</item>
/// <item><c>/name</c>: 1, statx; the parent has its canonical name already.</item>
/// <item><c>/a/b/name</c>: 3. openat2 of the parent with RESOLVE_NO_SYMLINKS proves that its text is its canonical path and pins it, statx looks at the
/// entry, close.</item>
/// <item><c>/a/b/name</c> where a or b is a link: 5. After that openat2 said ELOOP: openat2 with RESOLVE_NO_MAGICLINKS, readlink of our descriptor, statx,
/// close.</item>
/// <item><c>a/b/name</c>: 5. open of /proc/TID/cwd, openat2 of the parent below it, readlink, statx, one close_range for both.</item>
/// <item>a link in the last place that is followed: 4 more (openat2 of the whole path, readlink, statx, close).</item>
/// </list>
/// <para>The rest goes to <see cref="PathWalker"/>: magic links, <c>/proc/self</c> (the kernel would take the tracer's: seen by our own number in the
/// result), dangling links, most errors, and every path of a guest whose root is not ours. See path_resolution(7), openat2(2), proc(5).</para>
/// </remarks>
internal sealed class TraceePathResolver : IPathResolver
{
    private const int DirectoryFlags = Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC;

    private readonly ProcPaths _proc = new();
    private readonly GuestFileSystemView _view;
    private readonly PathWalker _walker;

    private readonly FarMemory? _far;

    /// <param name="deep">Names what lies deeper than a path can say; its own where none is given.</param>
    /// <param name="far">Takes the questions that only a server could answer, and has the answers; where none is given, the server is waited for.</param>
    public TraceePathResolver(DeepNames? deep = null, FarMemory? far = null)
    {
        _far = far;
        _view = new GuestFileSystemView(_proc, deep ?? new DeepNames(new LocalFileSystems()), far: far);
        _walker = new PathWalker(_view);
    }

    /// <summary>A descriptor of the guest's root where that is not the tracer's; -1 otherwise. Borrowed.</summary>
    public int GuestRootFd
    {
        get => _view.RootFd;
        set => _view.RootFd = value;
    }

    /// <summary>Whether every path takes the way of the walker; for tests that compare the two.</summary>
    internal bool AlwaysWalk { get; init; }

    /// <summary>From now on paths are those of this thread.</summary>
    /// <param name="pid">The thread group: what <c>/proc/self</c> is.</param>
    /// <param name="tid">The thread: whose working directory and descriptors are used.</param>
    public void Bind(int pid, int tid) => _proc.Bind(pid, tid);

    /// <inheritdoc/>
    public Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into)
    {
        into.Reset();
        if (path.IsEmpty)
        {
            return Errno.ENOENT;
        }

        if (path.Length >= PathLimits.PathMax)
        {
            return Errno.ENAMETOOLONG;
        }

        if (dirFd < 0 && dirFd != Files.AT_FDCWD && path[0] != PathSyntax.Slash)
        {
            return Errno.EBADF;
        }

        Errno errno;
        _view.MetFar = false;
        if (_far is not null && _far.TryRecall(FarQuestionKind.Path, dirFd, path, options, out errno, into))
        {
            return errno;
        }

        if (GuestRootFd >= 0 || AlwaysWalk || !TryShort(dirFd, path, options, into, out errno))
        {
            errno = _walker.Resolve(dirFd, path, options, into);
        }

        if (_view.MetFar)
        {
            _far!.Ask(FarQuestionKind.Path, dirFd, path, options);
            errno = Errno.EAGAIN;
        }

        into.IsStated = errno.IsSuccess;
        return errno;
    }

    /// <inheritdoc/>
    /// <remarks>One kernel call, and up to three more where the name ends in <c> (deleted)</c>. The kind is told only of what has no name.</remarks>
    public Errno ResolveDescriptor(int fd, ResolvedPath into)
    {
        into.Reset();
        if (fd < 0)
        {
            return fd == Files.AT_FDCWD ? Resolve(fd, "."u8, ResolveOptions.None, into) : Errno.EBADF;
        }

        Errno errno;
        _view.MetFar = false;
        if (_far is not null && _far.TryRecall(FarQuestionKind.Descriptor, fd, default, ResolveOptions.None, out errno, into))
        {
            return errno;
        }

        errno = GuestFileSystemView.AsDescriptorError(_view.GetPath(_proc.Start(fd), into, out var isNamed), fd);
        if (_view.MetFar)
        {
            _far!.Ask(FarQuestionKind.Descriptor, fd, default, ResolveOptions.None);
        }

        if (errno.IsSuccess)
        {
            into.Exists = true;
            into.ThroughDescriptor = fd;
            into.Kind = isNamed ? FileKind.Unknown : FileKind.Anonymous;
        }

        return errno;
    }

    /// <inheritdoc/>
    public bool IsOnProcFs(ReadOnlySpan<byte> canonical)
    {
        if (_view.IsFar(canonical))
        {
            return _far!.Mounts.HoldProcFs(canonical);
        }

        // As the guest's own root has it; where that is another one, its procfs is none of ours to recognise.
        if (GuestRootFd >= 0 || !LongPath.Open(_proc, canonical, Files.O_PATH | Files.O_CLOEXEC | Files.O_NOFOLLOW, out var fd).IsSuccess)
        {
            return true;
        }

        var told = Files.IsOnProcFs(fd, out var isOnProcFs).IsSuccess;
        Io.Close(fd);
        return !told || isOnProcFs;
    }

    /// <summary>For a way that may lead anywhere.</summary>
    private ulong Cached => _view.KeepsNear ? Files.RESOLVE_CACHED : 0;

    private ulong CachedIfFar(ReadOnlySpan<byte> canonical) => _view.IsFar(canonical) ? Files.RESOLVE_CACHED : 0;

    private Errno StatCached(int directory, ReadOnlySpan<byte> name, out Files.statx_buf stat)
    {
        stat = default;
        var errno = _view.OpenCached(directory, name, out var entry);
        if (errno.IsSuccess)
        {
            errno = Files.Stat(entry, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out stat);
            Io.Close(entry);
        }

        return errno;
    }

    /// <summary>The short ways.</summary>
    /// <returns>False where only the walker can tell.</returns>
    private bool TryShort(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into, out Errno errno)
    {
        into.TrailingSlash = PathSyntax.InsistsOnDirectory(path);
        PathSyntax.Split(path, out var parent, out var last, out var trailing);
        if (last.IsEmpty || PathSyntax.IsDots(last))
        {
            return TryWhole(dirFd, path, into, out errno);
        }

        Files.statx_buf stat;
        Errno found;
        if (parent.IsEmpty)
        {
            errno = GuestFileSystemView.AsDescriptorError(_view.GetPath(_proc.Start(dirFd), into, out var isNamed), dirFd);
            if (!errno.IsSuccess)
            {
                return true;
            }

            if (_view.IsFar(into.Canonical, last))
            {
                return false;
            }

            found = Files.Stat(Files.AT_FDCWD, _proc.Below(dirFd, last), Files.AT_SYMLINK_NOFOLLOW, out stat);
            if (!isNamed && (found.IsSuccess || found == Errno.ENOENT))
            {
                // A removed directory (IS_DEADDIR in fs/namei.c): nothing can be made in it.
                errno = Errno.ENOENT;
                return true;
            }
        }
        else if (parent.IndexOfAnyExcept(PathSyntax.Slash) < 0)
        {
            into.Set("/"u8);
            if (_view.IsFar("/"u8, last))
            {
                errno = Errno.None;
                return false;
            }

            found = Files.Stat(Files.AT_FDCWD, _proc.Plain(path[..(parent.Length + last.Length)]), Files.AT_SYMLINK_NOFOLLOW, out stat);
        }
        else
        {
            var isOpen = path[0] == PathSyntax.Slash
                ? TryAbsoluteParent(parent, into, out var fds, out errno)
                : TryRelativeParent(dirFd, parent, into, out fds, out errno);
            if (!isOpen || !errno.IsSuccess)
            {
                return isOpen;
            }

            found = _view.IsFar(into.Canonical, last)
                ? StatCached(fds.Directory, last, out stat)
                : Files.Stat(fds.Directory, _proc.Plain(last), Files.AT_SYMLINK_NOFOLLOW, out stat);
            fds.Close();
        }

        if (!found.IsSuccess && found != Errno.ENOENT)
        {
            errno = found;
            return true;
        }

        var kind = found.IsSuccess ? GuestFileSystemView.KindOf(stat.stx_mode) : FileKind.Unknown;
        if (kind == FileKind.Symlink && (options & ResolveOptions.Entry) == 0 && (trailing || (options & ResolveOptions.NoFollow) == 0))
        {
            return TryWhole(dirFd, path, into, out errno);
        }

        into.Append(last);
        into.Exists = found.IsSuccess;
        into.Kind = kind;
        into.Device = stat.Device;
        into.Inode = stat.stx_ino;
        errno = found.IsSuccess && trailing && kind != FileKind.Directory && (options & ResolveOptions.Entry) == 0 ? Errno.ENOTDIR : Errno.None;
        return true;
    }

    private bool TryAbsoluteParent(ReadOnlySpan<byte> parent, ResolvedPath into, out PinnedParent fds, out Errno errno)
    {
        fds = PinnedParent.None;
        if (PathSyntax.IsPlainDirectory(parent))
        {
            errno = Files.Open2(Files.AT_FDCWD, _proc.Plain(parent), DirectoryFlags, Files.RESOLVE_NO_SYMLINKS | CachedIfFar(parent[..^1]), out var plain);
            if (errno.IsSuccess)
            {
                // No link, no dots: the text is the canonical path.
                into.Set(parent[..^1]);
                fds = new PinnedParent(plain, -1);
                return true;
            }

            if (errno == Errno.EAGAIN && _view.KeepsNear)
            {
                // No link was met before what a server has to be asked for.
                errno = _view.Meet(out _);
                return true;
            }

            if (IsLookupError(errno))
            {
                // No link was met on the way to what failed, so it fails for the guest as well.
                return true;
            }
        }

        errno = Files.Open2(Files.AT_FDCWD, _proc.Plain(parent), DirectoryFlags, Files.RESOLVE_NO_MAGICLINKS | Cached, out var fd);
        if (!errno.IsSuccess)
        {
            // The way may have led through the tracer's /proc/self.
            return false;
        }

        fds = new PinnedParent(fd, -1);
        return TryName(ref fds, into, out errno);
    }

    private bool TryRelativeParent(int dirFd, ReadOnlySpan<byte> parent, ResolvedPath into, out PinnedParent fds, out Errno errno)
    {
        fds = PinnedParent.None;
        errno = _view.OpenStart(dirFd, out var start);
        if (!errno.IsSuccess)
        {
            return true;
        }

        errno = Files.Open2(start, _proc.Plain(parent), DirectoryFlags, Files.RESOLVE_NO_MAGICLINKS | Cached, out var fd);
        if (!errno.IsSuccess)
        {
            Io.Close(start);
            return false;
        }

        fds = new PinnedParent(fd, start);
        return TryName(ref fds, into, out errno);
    }

    /// <summary>Names an open parent; closes it where that fails or the walker has to do it again.</summary>
    private bool TryName(ref PinnedParent fds, ResolvedPath into, out Errno errno)
    {
        errno = _view.GetPath(fds.Directory, into, out var isNamed);
        var isTracers = errno.IsSuccess && IsTracersOwn(into);
        if (errno.IsSuccess && !isNamed)
        {
            errno = Errno.ENOENT;
        }

        if (isTracers || !errno.IsSuccess)
        {
            fds.Close();
            fds = PinnedParent.None;
        }

        return !isTracers;
    }

    /// <summary>Follows the whole path: for a link in the last place, and for a path that ends in a directory.</summary>
    private bool TryWhole(int dirFd, ReadOnlySpan<byte> path, ResolvedPath into, out Errno errno)
    {
        var start = -1;
        if (path[0] != PathSyntax.Slash)
        {
            errno = _view.OpenStart(dirFd, out start);
            if (!errno.IsSuccess)
            {
                return true;
            }
        }

        errno = Files.Open2(start < 0 ? Files.AT_FDCWD : start, _proc.Plain(path), Files.O_PATH | Files.O_CLOEXEC, Files.RESOLVE_NO_MAGICLINKS | Cached, out var fd);
        if (!errno.IsSuccess)
        {
            if (start >= 0)
            {
                Io.Close(start);
            }

            return false;
        }

        errno = _view.GetPath(fd, into, out var isNamed);
        if (errno == Errno.ENAMETOOLONG)
        {
            // The walker names the directory instead of what is in it.
            new PinnedParent(fd, start).Close();
            return false;
        }

        FileIdentity identity = default;
        if (errno.IsSuccess)
        {
            errno = _view.Identify(fd, out identity);
        }

        new PinnedParent(fd, start).Close();
        into.Exists = errno.IsSuccess;
        into.Kind = isNamed ? identity.Kind : FileKind.Anonymous;
        into.Device = identity.Device;
        into.Inode = identity.Inode;
        return !errno.IsSuccess || !IsTracersOwn(into);
    }

    /// <summary>
    /// Whether the path may have led through the tracer's <c>/proc/self</c>: our own number is a component, wherever a procfs is mounted. The walker
    /// is exact, so a directory that merely has this name costs time and nothing else.
    /// </summary>
    private bool IsTracersOwn(ResolvedPath path) => PathSyntax.HasComponent(path.Canonical, _proc.Own);

    /// <summary>An answer of the look-up itself; anything else (openat2 refused by a container's filter, no descriptors left) is for the walker to meet.</summary>
    private static bool IsLookupError(Errno errno) => errno == Errno.ENOENT || errno == Errno.ENOTDIR
        || errno == Errno.EACCES || errno == Errno.ENAMETOOLONG;

    /// <summary>A pinned directory and, for a relative path, where the way to it began.</summary>
    private readonly struct PinnedParent(int directory, int start)
    {
        public static PinnedParent None => new(-1, -1);

        public int Directory { get; } = directory;

        public void Close()
        {
            if (start < 0)
            {
                Io.Close(Directory);
            }
            else
            {
                Files.ClosePair(start, Directory);
            }
        }
    }
}
