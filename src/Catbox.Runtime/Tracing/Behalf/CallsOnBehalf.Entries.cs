using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

// Changes of directories: the directory is held, and the last component looked up in it by the call itself.
internal sealed partial class CallsOnBehalf
{
    private PinState ChangeEntry(BehalfOperation operation, SyscallRequest request, ResolvedPath judged, out long result)
    {
        var state = _first.PinParent(request.First, judged, _asGuest);
        result = -_first.Error.Value;
        if (state != PinState.Pinned || MayStall(_first, judged, isStated: false))
        {
            return state;
        }

        var row = request.Row;
        var directory = _first.Fd;
        var name = _first.Name;
        result = operation switch
        {
            BehalfOperation.MakeDirectory or BehalfOperation.MakeNode => MakeInode(operation, request, directory, name),
            BehalfOperation.Unlink => Changes.Unlink(directory, name, Int(request, row.IndexOf(ArgKind.AtFlags))),
            BehalfOperation.RemoveDirectory => Changes.Unlink(directory, name, Changes.AT_REMOVEDIR),
            _ => Changes.Symlink(_text.AsSpan(0, _textLength + 1), directory, name),
        };
        if (result == -Errno.EACCES.Value && operation is BehalfOperation.Unlink or BehalfOperation.RemoveDirectory && judged.Exists && IsInOwnTable(judged, _first))
        {
            // proc_fd_permission (fs/proc/fd.c) lets a process in where it keeps us out; then the kernel finds that there is no such operation.
            var isDirectory = operation == BehalfOperation.RemoveDirectory || (Int(request, row.IndexOf(ArgKind.AtFlags)) & Changes.AT_REMOVEDIR) != 0;
            result = -(isDirectory ? Errno.ENOTDIR : Errno.EPERM).Value;
        }

        return state;
    }

    /// <summary>Whether a name is one of the guest's own descriptors.</summary>
    private bool IsInOwnTable(ResolvedPath judged, JudgedPin pin) =>
        MagicStart.TrySplit(judged.Canonical, _proc.Pid, _proc.Tid, out _, out var fd, out _) && fd >= 0 && Files.IsOnProcFs(pin.Fd, out var isOnProcFs).IsSuccess && isOnProcFs;

    /// <summary>With the guest's umask: a default ACL of the directory decides whether the kernel uses it.</summary>
    private long MakeInode(BehalfOperation operation, SyscallRequest request, int directory, ReadOnlySpan<byte> name)
    {
        // umode_t has 16 bits.
        var at = request.Row.IndexOf(ArgKind.Mode);
        var mode = (uint)request.Args[at] & 0xffff;
        var device = operation == BehalfOperation.MakeNode ? (uint)request.Args[at + 1] : 0;
        if (_guest.Umask == _own.Umask)
        {
            return MakeInode(operation, directory, name, mode, device);
        }

        if (!_hasOwnUmask)
        {
            return MakeInodeAndWiden(operation, directory, name, mode & ~_guest.Umask, device);
        }

        _ = Credentials.SetUmask(_guest.Umask);
        var result = MakeInode(operation, directory, name, mode, device);

        // The stub of the next launch hands it down.
        _ = Credentials.SetUmask(_own.Umask);
        return result;
    }

    private static long MakeInode(BehalfOperation operation, int directory, ReadOnlySpan<byte> name, uint mode, uint device) =>
        operation == BehalfOperation.MakeDirectory
            ? Changes.MakeDirectory(directory, name, mode)
            : Changes.MakeNode(directory, name, mode, device);

    /// <summary>
    /// Where the umask is shared with the whole host (a container's filter that knows unshare as a way to namespaces only), it stays as it is, and what it took is given
    /// afterwards. With a default ACL the mode can so be narrower than outside.
    /// </summary>
    private static long MakeInodeAndWiden(BehalfOperation operation, int directory, ReadOnlySpan<byte> name, uint mode, uint device)
    {
        var result = MakeInode(operation, directory, name, mode, device);
        const int flags = Files.O_PATH | Files.O_NOFOLLOW | Files.O_CLOEXEC;
        if (result != 0 || !Files.Open2(directory, name, flags, Files.RESOLVE_NO_SYMLINKS, out var fd).IsSuccess)
        {
            return result;
        }

        if (Files.Stat(fd, "\0"u8, Files.AT_EMPTY_PATH, out var made).IsSuccess && (mode & 0x1ff & ~(uint)made.stx_mode) != 0)
        {
            Span<byte> self = stackalloc byte[ProcPath.Size];
            _ = Changes.ChangeMode(fd, ProcPath.WriteOwnDescriptor(self, fd), (made.stx_mode & 0xfffu) | (mode & 0x1ff));
        }

        Io.Close(fd);
        return result;
    }

    private PinState Rename(SyscallRequest request, Judgement judgement, out long result)
    {
        var state = PinBoth(request, judgement, out result);
        if (state == PinState.Pinned && !_waits)
        {
            result = Changes.Rename(_first.Fd, _first.Name, _second.Fd, _second.Name, (uint)Int(request, request.Row.IndexOf(ArgKind.Int)));
            if (result == -Errno.EACCES.Value && judgement.First.Exists && judgement.Second.Exists
                && IsInOwnTable(judgement.First, _first) && IsInOwnTable(judgement.Second, _second))
            {
                result = -Errno.EPERM.Value;
            }
        }

        return state;
    }

    private PinState Link(SyscallRequest request, Judgement judgement, out long result)
    {
        var state = PinBoth(request, judgement, out result);
        if (state == PinState.Pinned && !_waits)
        {
            result = Changes.Link(_proc.OwnDescriptor(_first.Fd), _second.Fd, _second.Name);
        }

        return state;
    }

    private PinState PinBoth(SyscallRequest request, Judgement judgement, out long result)
    {
        var isLink = request.First.Kind == ArgKind.PathLinkSource;
        var state = isLink
            ? _first.PinObject(request.First, judgement.First, _asGuest)
            : _first.PinParent(request.First, judgement.First, _asGuest);
        result = -_first.Error.Value;
        if (state != PinState.Pinned || MayStall(_first, judgement.First, isLink))
        {
            return state;
        }

        state = _second.PinParent(request.Second, judgement.Second, _asGuest);
        result = -_second.Error.Value;
        if (state == PinState.Pinned)
        {
            _ = MayStall(_second, judgement.Second, isStated: false);
        }

        return state;
    }

    private static PinState RemoveQueue(SyscallRequest request, out long result)
    {
        // One plain component (the judge saw to it) of the caller's mqueue file system, which is ours too.
        Span<byte> name = stackalloc byte[PathLimits.NameMax + 1];
        var given = request.First.Path.Span;
        given.CopyTo(name);
        name[given.Length] = 0;
        result = Changes.RemoveQueue(name[..(given.Length + 1)]);
        return PinState.Pinned;
    }
}
