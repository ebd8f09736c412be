using System.Buffers.Binary;
using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

// What lies in the guest's memory beside the paths. It is read once, and checked as the kernel does when it copies it.
internal sealed partial class CallsOnBehalf
{
    // include/uapi/linux/limits.h
    private const int XATTR_NAME_MAX = 255;
    private const int XATTR_SIZE_MAX = 65536;
    private const int PageSize = 4096;

    // struct timespec, struct timeval, struct utimbuf (two longs); struct xattr_args, struct file_attr (their first versions).
    private const int TwoTimes = 32;
    private const int Utimbuf = 16;
    private const int XattrArgs = 16;
    private const int FileAttr = 24;

    private readonly byte[] _text = new byte[PathLimits.PathMax + 1];
    private readonly byte[] _times = new byte[TwoTimes];
    private byte[] _value = new byte[1024];
    private int _textLength;
    private int _timesLength;
    private int _valueLength;
    private int _attributeFlags;

    private static int Int(SyscallRequest request, int index) => index < 0 ? 0 : unchecked((int)request.Args[index]);

    /// <summary>Neither time is to be changed: then the kernel looks at nothing else (do_utimensat, fs/utimes.c).</summary>
    private bool LeavesTimes(BehalfOperation operation) =>
        operation == BehalfOperation.ChangeTimes && _timesLength == TwoTimes && EarlierErrors.LeavesTimes(_times);

    /// <returns>0, or the negated errno of the call.</returns>
    private long ReadArguments(BehalfOperation operation, SyscallRequest request, Tracee tracee)
    {
        var memory = _loop.MemoryOf(tracee.Process.Pid, tracee.Tid);

        // Times are copied before flags are looked at.
        var error = operation == BehalfOperation.ChangeTimes ? ReadTimes(request, memory) : Errno.None;
        if (error.IsSuccess && !LeavesTimes(operation))
        {
            error = CheckFlags(operation, request);
        }

        if (error.IsSuccess)
        {
            error = operation switch
            {
                BehalfOperation.Symlink => ReadLinkText(request, memory),
                BehalfOperation.SetAttribute => ReadAttribute(request, memory),
                BehalfOperation.RemoveAttribute => ReadAttributeName(request, memory),
                BehalfOperation.SetFileAttributes => ReadFileAttributes(request, memory),
                BehalfOperation.SetInodeFlags => ReadValue(request.Args[2], BehalfCalls.SizeOf((uint)request.Args[1]), memory),
                BehalfOperation.Truncate or BehalfOperation.TruncateDescriptor when (long)request.Args[request.Row.IndexOf(ArgKind.Size)] < 0 => Errno.EINVAL,
                _ => Errno.None,
            };
        }

        return -error.Value;
    }

    /// <summary>The AT_* flags that the kernel takes, and whether a NULL path is one.</summary>
    private static Errno CheckFlags(BehalfOperation operation, SyscallRequest request)
    {
        var row = request.Row;
        var flags = Int(request, row.IndexOf(ArgKind.AtFlags));
        if (operation is BehalfOperation.Unlink)
        {
            return (flags & ~Changes.AT_REMOVEDIR) == 0 ? Errno.None : Errno.EINVAL;
        }

        var known = Files.AT_EMPTY_PATH | (operation == BehalfOperation.Link ? Changes.AT_SYMLINK_FOLLOW : Files.AT_SYMLINK_NOFOLLOW);
        if ((flags & ~known) != 0)
        {
            return Errno.EINVAL;
        }

        if (request.First.ArgIndex < 0 || request.Args[request.First.ArgIndex] != 0)
        {
            return Errno.None;
        }

        // NULL: do_utimes (fs/utimes.c) takes it for a descriptor, and then no flags; the newest calls take it with AT_EMPTY_PATH; the others do not take it.
        return row.NullPath switch
        {
            NullPath.IsDescriptor when request.First.DirFd == Files.AT_FDCWD => Errno.EFAULT,
            NullPath.IsDescriptor => flags == 0 ? Errno.None : Errno.EINVAL,
            NullPath.IsEmpty when (flags & Files.AT_EMPTY_PATH) != 0 => Errno.None,
            _ => Errno.EFAULT,
        };
    }

    private Errno ReadLinkText(SyscallRequest request, ITraceeMemory memory)
    {
        var error = memory.ReadString(request.Args[request.Row.IndexOf(ArgKind.Text)], _text.AsSpan(0, PathLimits.PathMax), out _textLength);
        _text[_textLength] = 0;
        return error.IsSuccess && _textLength == 0 ? Errno.ENOENT : error;
    }

    /// <summary>Times in any of three forms, as two <c>struct timespec</c> (fs/utimes.c). No pointer means now.</summary>
    private Errno ReadTimes(SyscallRequest request, ITraceeMemory memory)
    {
        _timesLength = 0;
        var address = request.Args[request.Row.IndexOf(ArgKind.Address)];
        if (address == 0)
        {
            return Errno.None;
        }

        var isUtime = request.Row.Times == TimeForm.Utimbuf;
        var bytes = _times.AsSpan(0, isUtime ? Utimbuf : TwoTimes);
        if (!memory.Read(address, bytes, out var read).IsSuccess || read != bytes.Length)
        {
            return Errno.EFAULT;
        }

        _timesLength = TwoTimes;
        if (isUtime)
        {
            _times.AsSpan(8, 8).CopyTo(_times.AsSpan(16));
            _times.AsSpan(8, 8).Clear();
            _times.AsSpan(24, 8).Clear();
        }
        else if (request.Row.Times != TimeForm.Timespec)
        {
            var access = BinaryPrimitives.ReadInt64LittleEndian(_times.AsSpan(8));
            var change = BinaryPrimitives.ReadInt64LittleEndian(_times.AsSpan(24));
            if (access is < 0 or >= 1_000_000 || change is < 0 or >= 1_000_000)
            {
                return Errno.EINVAL;
            }

            BinaryPrimitives.WriteInt64LittleEndian(_times.AsSpan(8), access * 1000);
            BinaryPrimitives.WriteInt64LittleEndian(_times.AsSpan(24), change * 1000);
        }

        return Errno.None;
    }

    /// <summary>Name, value and flags of an attribute (setxattr_copy, fs/xattr.c).</summary>
    private Errno ReadAttribute(SyscallRequest request, ITraceeMemory memory)
    {
        var at = request.Row.IndexOf(ArgKind.Address);
        var (address, size) = (request.Args[at], request.Args[at + 1]);
        if (request.Row.HasXattrArgs)
        {
            var error = ReadStructure(address, size, XattrArgs, memory);
            if (!error.IsSuccess)
            {
                return error;
            }

            address = BinaryPrimitives.ReadUInt64LittleEndian(_value);
            size = BinaryPrimitives.ReadUInt32LittleEndian(_value.AsSpan(8));
            _attributeFlags = BinaryPrimitives.ReadInt32LittleEndian(_value.AsSpan(12));
        }
        else
        {
            _attributeFlags = Int(request, at + 2);
        }

        const int XATTR_CREATE = 1, XATTR_REPLACE = 2;
        if ((_attributeFlags & ~(XATTR_CREATE | XATTR_REPLACE)) != 0)
        {
            return Errno.EINVAL;
        }

        var name = ReadAttributeName(request, memory);
        if (!name.IsSuccess)
        {
            return name;
        }

        if (size > XATTR_SIZE_MAX)
        {
            return Errno.E2BIG;
        }

        return ReadValue(address, (int)size, memory);
    }

    private Errno ReadAttributeName(SyscallRequest request, ITraceeMemory memory)
    {
        var error = memory.ReadString(request.Args[request.Row.IndexOf(ArgKind.Text)], _text.AsSpan(0, XATTR_NAME_MAX + 1), out _textLength);
        _text[_textLength] = 0;
        return error == Errno.ENAMETOOLONG || (error.IsSuccess && _textLength == 0) ? Errno.ERANGE : error;
    }

    /// <summary>struct file_attr: the kernel is handed what it was handed, so that it judges sizes and flags itself.</summary>
    private Errno ReadFileAttributes(SyscallRequest request, ITraceeMemory memory)
    {
        var at = request.Row.IndexOf(ArgKind.Address);
        return ReadStructure(request.Args[at], request.Args[at + 1], FileAttr, memory);
    }

    /// <summary>copy_struct_from_user (include/linux/uaccess.h): what a larger structure has more must be zero. Into the value's buffer.</summary>
    private Errno ReadStructure(ulong address, ulong size, int known, ITraceeMemory memory)
    {
        if (size < (ulong)known)
        {
            return Errno.EINVAL;
        }

        if (size > PageSize)
        {
            return Errno.E2BIG;
        }

        return ReadValue(address, (int)size, memory);
    }

    private Errno ReadValue(ulong address, int size, ITraceeMemory memory)
    {
        if (_value.Length < size)
        {
            _value = new byte[XATTR_SIZE_MAX];
        }

        _valueLength = size;
        return size == 0 || (memory.Read(address, _value.AsSpan(0, size), out var read).IsSuccess && read == size) ? Errno.None : Errno.EFAULT;
    }
}
