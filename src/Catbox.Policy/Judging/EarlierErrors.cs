using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Judging;

/// <summary>
/// What the kernel answers a call before it looks up a path or a descriptor: flags and modes that it does not know, an empty target of a symbolic link.
/// A call with two mistakes gets the error of the one that it meets first, so the judge, which has found the other one by resolving, asks here
/// before it answers. Only calls that fail come this way.
/// </summary>
internal static class EarlierErrors
{
    private const int AT_REMOVEDIR = 0x200;
    private const uint RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2, RENAME_WHITEOUT = 4;
    private const int XATTR_CREATE = 1, XATTR_REPLACE = 2;
    private const uint UTIME_OMIT = (1 << 30) - 2;
    private const uint S_IFREG = 0x8000, S_IFDIR = 0x4000, S_IFIFO = 0x1000, S_IFSOCK = 0xC000;

    /// <summary>The verdict that comes first.</summary>
    /// <param name="request">The call; decoded, or as far as that went.</param>
    /// <param name="memory">The memory of the caller.</param>
    /// <param name="verdict">A denial that is no violation: what resolving found.</param>
    /// <returns>Another denial, or a result, or <paramref name="verdict"/>.</returns>
    public static Verdict Before(Verdict verdict, SyscallRequest request, ITraceeMemory memory)
    {
        if (request.Row.Times == TimeForm.Timespec && request.Args[request.Row.IndexOf(ArgKind.Address)] is not 0 and var address)
        {
            // do_utimensat (fs/utimes.c): where neither time is to be changed, not even the path is looked at.
            Span<byte> times = stackalloc byte[32];
            if (!memory.Read(address, times, out var read).IsSuccess || read != times.Length)
            {
                return Verdict.Deny(Errno.EFAULT);
            }

            if (LeavesTimes(times))
            {
                return Verdict.Fake(0);
            }
        }

        var first = Of(request, memory);
        return first.IsSuccess ? verdict : Verdict.Deny(first);
    }

    /// <summary>Whether neither of two <c>struct timespec</c> is to be changed: UTIME_OMIT (include/uapi/linux/stat.h) as both nanoseconds.</summary>
    public static bool LeavesTimes(ReadOnlySpan<byte> times) =>
        BinaryPrimitives.ReadUInt64LittleEndian(times[8..]) == UTIME_OMIT && BinaryPrimitives.ReadUInt64LittleEndian(times[24..]) == UTIME_OMIT;

    private static Errno Of(SyscallRequest request, ITraceeMemory memory)
    {
        var row = request.Row;
        ref readonly var args = ref request.Args;
        var flags = row.IndexOf(ArgKind.AtFlags);
        return row.Operation switch
        {
            BehalfOperation.None when row.Shape == RequestShape.Open => OfOpen(request),
            BehalfOperation.Symlink => OfTarget(args[row.IndexOf(ArgKind.Text)], memory),
            BehalfOperation.MakeNode => OfNode((uint)args[row.IndexOf(ArgKind.Mode)]),
            BehalfOperation.Truncate or BehalfOperation.TruncateDescriptor => (long)args[row.IndexOf(ArgKind.Size)] < 0 ? Errno.EINVAL : Errno.None,
            BehalfOperation.Unlink when flags >= 0 => Unknown(args[flags], AT_REMOVEDIR),
            BehalfOperation.Rename when row.IndexOf(ArgKind.Int) is >= 0 and var at => OfRename((uint)args[at]),
            BehalfOperation.Link when flags >= 0 => Unknown(args[flags], AT_SYMLINK_FOLLOW | AT_EMPTY_PATH),
            BehalfOperation.ChangeTimes when flags >= 0 => OfTimes(request, args[flags]),
            BehalfOperation.ChangeMode or BehalfOperation.ChangeOwner when row.Arg(0) == ArgKind.DirFd =>
                Either(flags < 0 ? Errno.None : Unknown(args[flags], AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH), OfPointer(args[1])),
            BehalfOperation.SetAttribute or BehalfOperation.RemoveAttribute when flags >= 0 => Unknown(args[flags], AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
            BehalfOperation.SetAttribute => Unknown(args[row.IndexOf(ArgKind.Int)], XATTR_CREATE | XATTR_REPLACE),
            _ => Errno.None,
        };
    }

    private static Errno Either(Errno first, Errno second) => first.IsSuccess ? second : first;

    /// <summary>The decoder takes NULL for the descriptor itself, as some calls do; these do not.</summary>
    private static Errno OfPointer(ulong path) => path == 0 ? Errno.EFAULT : Errno.None;

    /// <summary>getname (fs/namei.c) on the target, before the name of the link.</summary>
    private static Errno OfTarget(ulong address, ITraceeMemory memory)
    {
        Span<byte> first = stackalloc byte[1];
        return !memory.Read(address, first, out var read).IsSuccess || read != 1 ? Errno.EFAULT : first[0] == 0 ? Errno.ENOENT : Errno.None;
    }

    private static Errno Unknown(ulong register, int known) => (Int(register) & ~known) == 0 ? Errno.None : Errno.EINVAL;

    /// <summary>build_open_flags (fs/open.c). open and openat drop what they do not know, openat2 does not.</summary>
    private static Errno OfOpen(SyscallRequest request)
    {
        var flags = request.OpenFlags;
        var mode = request.OpenMode;
        var resolve = request.ResolveFlags;
        if (request.Row.IndexOf(ArgKind.OpenHow) >= 0)
        {
            var creates = (flags & (O_CREAT | O_TMPFILE_BIT)) != 0;
            if ((flags & ~VALID_OPEN_FLAGS) != 0
                || (resolve & ~VALID_RESOLVE_FLAGS) != 0
                || (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) == (RESOLVE_BENEATH | RESOLVE_IN_ROOT)
                || (creates ? mode & ~S_IALLUGO : mode) != 0
                || ((flags & O_PATH) != 0 && (flags & ~O_PATH_FLAGS) != 0))
            {
                return Errno.EINVAL;
            }
        }

        if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
        {
            return Errno.EINVAL;
        }

        if ((flags & O_TMPFILE_BIT) != 0 && ((flags & O_DIRECTORY) == 0 || (flags & O_ACCMODE) == 0))
        {
            return Errno.EINVAL;
        }

        return (resolve & RESOLVE_CACHED) != 0 && (flags & (O_TRUNC | O_CREAT | O_TMPFILE_BIT)) != 0 ? Errno.EAGAIN : Errno.None;
    }

    /// <summary>may_mknod (fs/namei.c).</summary>
    private static Errno OfNode(uint mode) => (mode & S_IFMT) switch
    {
        0 or S_IFREG or S_IFCHR or S_IFBLK or S_IFIFO or S_IFSOCK => Errno.None,
        S_IFDIR => Errno.EPERM,
        _ => Errno.EINVAL,
    };

    /// <summary>do_renameat2 (fs/namei.c).</summary>
    private static Errno OfRename(uint flags)
    {
        var known = (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) == 0;
        return known && ((flags & RENAME_EXCHANGE) == 0 || flags == RENAME_EXCHANGE) ? Errno.None : Errno.EINVAL;
    }

    /// <summary>With a NULL path utimensat is futimens, which has no flags at all (do_utimes_fd, fs/utimes.c).</summary>
    private static Errno OfTimes(SyscallRequest request, ulong flags)
        => request.Args[1] == 0 && Int(request.Args[0]) != AT_FDCWD
            ? Unknown(flags, 0)
            : Either(Unknown(flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH), OfPointer(request.Args[1]));
}
