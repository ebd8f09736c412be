using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>
/// Walks the path of an openat2 with the guest's own RESOLVE_* bits, by the tracer's kernel calls and from where the guest's walk begins. The call itself is then made
/// on the canonical path, so the walk must have ended there.
/// </summary>
internal sealed class ScopeCheck
{
    private const int Look = Files.O_PATH | Files.O_CLOEXEC;

    private readonly ProcPaths _proc = new();
    private readonly GuestFileSystemView _view;
    private readonly ResolvedPath _found = new();
    private readonly byte[] _text = new byte[PathLimits.PathMax];

    public ScopeCheck(DeepNames deep) => _view = new GuestFileSystemView(_proc, deep);

    /// <summary>Checks one path of a stopped thread.</summary>
    /// <returns>Success, or what the guest's openat2 answers: the kernel's error (ELOOP, EXDEV, …), and EAGAIN where the way has changed since it was judged.</returns>
    public Errno Check(int pid, int tid, in OpenScope scope)
    {
        _proc.Bind(pid, tid);
        var errno = Files.Open(Files.AT_FDCWD, _proc.Start(scope.DirFd), Look, out var start);
        if (!errno.IsSuccess)
        {
            // An absolute path does not need its descriptor, unless it is one to stay beneath.
            if (scope.Path.Span[0] != PathSyntax.Slash || (scope.Resolve & Files.RESOLVE_BENEATH) != 0)
            {
                return GuestFileSystemView.AsDescriptorError(errno, scope.DirFd);
            }

            start = -1;
        }

        errno = Walk(start, in scope);
        if (start >= 0)
        {
            Io.Close(start);
        }

        return errno;
    }

    private Errno Walk(int start, in OpenScope scope)
    {
        var path = scope.Path.Span;
        var judged = scope.Judged.Span;
        var last = scope.Follow ? 0 : Files.O_NOFOLLOW;
        var errno = Files.Open2(start, _proc.Plain(path), Look | last, scope.Resolve, out var fd);
        if (errno == Errno.ENOENT && !scope.Exists)
        {
            errno = scope.Follow ? FollowToNothing(start, ref path, scope.Resolve) : Errno.None;
            if (!errno.IsSuccess)
            {
                return errno;
            }

            PathSyntax.Split(path, out var parent, out _, out _);
            judged = judged[..Math.Max(judged.LastIndexOf(PathSyntax.Slash), 1)];
            errno = Files.Open2(start, parent.IsEmpty ? ".\0"u8 : _proc.Plain(parent), Look, scope.Resolve, out fd);
        }

        if (!errno.IsSuccess)
        {
            return errno;
        }

        errno = _view.GetPath(fd, _found, out _);
        Io.Close(fd);
        return !errno.IsSuccess ? errno : _found.Canonical.SequenceEqual(judged) ? Errno.None : Errno.EAGAIN;
    }

    /// <summary>
    /// A file may be made through links that lead nowhere. Their texts take the place of their names, as in the kernel's own walk, until a name is reached that is not there.
    /// </summary>
    private Errno FollowToNothing(int start, ref ReadOnlySpan<byte> path, ulong resolve)
    {
        for (var links = 0; links <= PathLimits.MaxSymlinks; links++)
        {
            var errno = Files.Open2(start, _proc.Plain(path), Look | Files.O_NOFOLLOW, resolve, out var link);
            if (!errno.IsSuccess)
            {
                return errno == Errno.ENOENT ? Errno.None : errno;
            }

            errno = Files.ReadLink(link, "\0"u8, _text, out var length);
            Io.Close(link);
            if (!errno.IsSuccess)
            {
                // Something is there by now.
                return Errno.EAGAIN;
            }

            PathSyntax.Split(path, out var parent, out _, out _);
            var text = _text.AsSpan(0, length);
            path = text.StartsWith("/"u8) ? text.ToArray() : (byte[])[.. parent, .. text];
            if (path.Length >= PathLimits.PathMax)
            {
                return Errno.ENAMETOOLONG;
            }
        }

        return Errno.ELOOP;
    }
}
