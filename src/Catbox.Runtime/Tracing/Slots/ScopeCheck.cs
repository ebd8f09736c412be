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
    private readonly byte[] _found = new byte[PathLimits.PathMax + 1];

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
            errno = Files.Open2(start, _proc.Plain(path), Look | Files.O_NOFOLLOW, scope.Resolve, out fd);
            if (errno.IsSuccess)
            {
                // A link that leads nowhere, through which a file would be made: where it leads cannot be walked.
                Io.Close(fd);
                return Errno.ELOOP;
            }

            PathSyntax.Split(path, out var parent, out _, out _);
            judged = judged[..Math.Max(judged.LastIndexOf(PathSyntax.Slash), 1)];
            errno = Files.Open2(start, parent.IsEmpty ? ".\0"u8 : _proc.Plain(parent), Look, scope.Resolve, out fd);
        }

        if (!errno.IsSuccess)
        {
            return errno;
        }

        errno = Files.ReadLink(Files.AT_FDCWD, _proc.OwnDescriptor(fd), _found, out var length);
        Io.Close(fd);
        return !errno.IsSuccess ? errno : _found.AsSpan(0, length).SequenceEqual(judged) ? Errno.None : Errno.EAGAIN;
    }
}
