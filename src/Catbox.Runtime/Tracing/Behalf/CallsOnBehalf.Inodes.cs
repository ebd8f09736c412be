using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

// Changes of inodes: the object itself is held.
internal sealed partial class CallsOnBehalf
{
    private PinState ChangeInode(BehalfOperation operation, SyscallRequest request, ResolvedPath judged, out long result)
    {
        var state = _first.PinObject(request.First, judged, _asGuest);
        result = -_first.Error.Value;
        if (state != PinState.Pinned || MayStall(_first, judged, isStated: true))
        {
            return state;
        }

        var row = request.Row;
        var self = _proc.OwnDescriptor(_first.Fd);
        result = operation switch
        {
            BehalfOperation.ChangeMode => Changes.ChangeMode(_first.Fd, self, (uint)request.Args[row.IndexOf(ArgKind.Mode)] & 0xffff),
            BehalfOperation.ChangeOwner => Changes.ChangeOwner(
                _first.Fd, (uint)request.Args[row.IndexOf(ArgKind.Uid)], (uint)request.Args[row.IndexOf(ArgKind.Gid)]),
            BehalfOperation.ChangeTimes => Changes.ChangeTimes(_first.Fd, _times.AsSpan(0, _timesLength)),
            BehalfOperation.SetAttribute => Changes.SetAttribute(self, _text.AsSpan(0, _textLength + 1), _value.AsSpan(0, _valueLength), _attributeFlags),
            BehalfOperation.RemoveAttribute => Changes.RemoveAttribute(self, _text.AsSpan(0, _textLength + 1)),
            BehalfOperation.SetFileAttributes => Changes.SetFileAttributes(self, _value.AsSpan(0, _valueLength)),
            BehalfOperation.Truncate => Truncate(request, self),
            _ => -Errno.EPERM.Value,
        };
        return state;
    }

    /// <summary>
    /// truncate(2) by way of an open for writing that does not wait. truncate itself waits for whoever holds a lease on the file, up to 45 s
    /// (/proc/sys/fs/lease-break-time), and a guest can hold one; where it would, the guest gets EAGAIN, which the holder has been told of.
    /// </summary>
    private long Truncate(SyscallRequest request, ReadOnlySpan<byte> self)
    {
        // do_truncate (fs/open.c): what is no file is refused before rights are looked at. A FIFO or a device must not be opened.
        switch (_first.Status.stx_mode & 0xf000)
        {
            case 0x8000:
                break;
            case 0x4000:
                return -Errno.EISDIR.Value;
            default:
                return -Errno.EINVAL.Value;
        }

        const int flags = Files.O_WRONLY | Files.O_NONBLOCK | Files.O_CLOEXEC;
        var error = Files.Open(Files.AT_FDCWD, self, flags, out var fd);
        if (!error.IsSuccess)
        {
            return -error.Value;
        }

        _first.Replace(fd);
        return Truncate(fd, (long)request.Args[request.Row.IndexOf(ArgKind.Size)]);
    }

    /// <summary>The limit of file sizes is the guest's, and so is the signal (inode_newsize_ok, fs/attr.c).</summary>
    private long Truncate(int fd, long length)
    {
        if (length > (long)_first.Status.stx_size && (ulong)length > _fileSizeLimit)
        {
            _exceedsFileSize = true;
            return -Errno.EFBIG.Value;
        }

        // Beyond our own limit, should we have one, the kernel would signal us.
        return (ulong)length > _ownFileSizeLimit ? -Errno.EFBIG.Value : Changes.Truncate(fd, length);
    }

    /// <summary>
    /// ftruncate(2) and ioctl(2) on a copy of the descriptor: the right to write was had when the file was opened, and may not be had again (a file made
    /// read-only, as git makes its objects).
    /// </summary>
    private PinState ChangeThroughCopy(BehalfOperation operation, SyscallRequest request, ResolvedPath judged, out long result)
    {
        var state = _first.PinHeld(judged);
        result = -_first.Error.Value;
        if (state == PinState.Pinned && !MayStall(_first, judged, isStated: true))
        {
            result = operation == BehalfOperation.SetInodeFlags
                ? Changes.Control(_first.Fd, (uint)request.Args[1], _value.AsSpan(0, _valueLength))
                : Truncate(_first.Fd, (long)request.Args[request.Row.IndexOf(ArgKind.Size)]);
        }

        return state;
    }

    /// <summary>fchmod and its kin take no descriptor that was opened with O_PATH; the calls by path do.</summary>
    private static bool NeedsOpenFile(SyscallRequest request) =>
        request.Row.Shape == RequestShape.Descriptor || (request.First.IsDescriptor && request.First.DirFd >= 0 && request.First.Path.IsEmpty
            && request.Row.NullPath != NullPath.Faults && !IsEmptyPath(request));

    /// <summary>utimensat with AT_EMPTY_PATH takes an O_PATH descriptor, with NULL it takes none.</summary>
    private static bool IsEmptyPath(SyscallRequest request) => request.Row.Times == TimeForm.Timespec && request.Args[request.First.ArgIndex] != 0;

    /// <summary>
    /// Whether a descriptor of the guest's was opened with O_PATH. Its link below /proc then shows neither the right to read nor that to write (proc_pid_fd(5));
    /// one opened with O_ACCMODE, for ioctl alone, shows none either, and is told by its flags.
    /// </summary>
    private bool IsOpenedAsPathOnly(int fd) =>
        Files.Stat(Files.AT_FDCWD, _proc.Start(fd), Files.AT_SYMLINK_NOFOLLOW, out var link).IsSuccess && (link.stx_mode & 0x1c0) == 0
        && (_tracee is not { } tracee || TraceeInspector.ReadDescriptorFlags(tracee.Tid, fd) is not { } flags || (flags & Files.O_PATH) != 0);
}
