using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

// A look with the guest's credentials.
internal sealed partial class CallsOnBehalf
{
    /// <summary>
    /// Whether the path of an open, as the guest gave it, leads through no directory that the guest may not search: it is opened by another way, which must not
    /// be open to it where its own is shut.
    /// </summary>
    public bool MaySearch(Tracee tracee, in OpenScope scope)
    {
        _proc.Bind(tracee.Process.Pid, tracee.Tid);
        if (!TryKnowGuest(BehalfOperation.None, tracee))
        {
            return false;
        }

        var path = scope.Path.Span;
        var start = -1;
        var isMagic = MagicStart.TrySplit(path, _proc.Pid, _proc.Tid, out var task, out var dirFd, out path);
        if (isMagic || path[0] != PathSyntax.Slash)
        {
            path = path.IsEmpty ? "."u8 : path;
            if (!Files.Open(Files.AT_FDCWD, _proc.Start(task, isMagic ? dirFd : scope.DirFd), Files.O_PATH | Files.O_CLOEXEC, out start).IsSuccess)
            {
                return false;
            }
        }

        try
        {
            if (_asGuest && !_switch.TryEnter(_guest))
            {
                return false;
            }

            var last = scope.Follow ? 0 : Files.O_NOFOLLOW;
            var error = Files.Open2(start < 0 ? Files.AT_FDCWD : start, _proc.Plain(path), Files.O_PATH | Files.O_CLOEXEC | last, Files.RESOLVE_NO_MAGICLINKS, out var fd);
            if (error.IsSuccess)
            {
                Io.Close(fd);
            }

            return error != Errno.EACCES;
        }
        finally
        {
            if (!_switch.Leave())
            {
                _loop.Fail("take back the tracer's credentials", Errno.EPERM);
            }

            if (start >= 0)
            {
                Io.Close(start);
            }
        }
    }
}
