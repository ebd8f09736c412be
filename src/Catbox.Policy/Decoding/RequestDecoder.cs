using System.Buffers.Binary;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Decoding;

/// <summary>
/// Turns the registers of a call into a <see cref="SyscallRequest"/>, by the argument kinds of its row alone. It reads the guest's memory as
/// the kernel does (getname in fs/namei.c, move_addr_to_kernel in net/socket.c, copy_struct_from_user) and gives the kernel's errno where
/// that would fail.
/// </summary>
internal static partial class RequestDecoder
{
    /// <summary>Where the addresses begin in <see cref="SyscallRequest.Scratch"/>, behind two paths.</summary>
    internal const int AddressesAt = 2 * PATH_MAX;

    /// <summary>Decodes a call.</summary>
    /// <param name="row">The row of the call.</param>
    /// <param name="args">Its six registers.</param>
    /// <param name="memory">The memory of the guest that makes it.</param>
    /// <param name="into">Overwritten as a whole; half filled when the result is an error.</param>
    /// <returns>Success, or the errno with which the kernel fails such a call: EFAULT, ENAMETOOLONG, ENOENT (empty path), EINVAL, E2BIG.</returns>
    public static Errno Decode(SyscallRow row, in SyscallArgs args, ITraceeMemory memory, SyscallRequest into)
    {
        Clear(row, args, into);
        var atFlagsIndex = row.IndexOf(ArgKind.AtFlags);
        var atFlags = atFlagsIndex < 0 ? 0 : Int(args[atFlagsIndex]);
        if (row.Shape == RequestShape.Open)
        {
            var error = DecodeOpenFlags(row, args, memory, into);
            if (!error.IsSuccess)
            {
                return error;
            }
        }

        for (var index = 0; index < row.Args.Length; index++)
        {
            var error = row.Args[index] switch
            {
                ArgKind.PathRead or ArgKind.PathReadNoFollow or ArgKind.PathOpen or ArgKind.PathWrite or ArgKind.PathWriteNoFollow
                    or ArgKind.PathCreate or ArgKind.PathRemove or ArgKind.PathLinkSource or ArgKind.PathExec
                    => DecodePath(row, args, index, atFlags, memory, into),
                ArgKind.FdWrite => DecodeDescriptor(args, index, into),
                ArgKind.Text when row.Shape == RequestShape.MessageQueue => DecodePath(row, args, index, 0, memory, into),
                ArgKind.Sockaddr => DecodeSockaddr(row, args, index, memory, into),
                ArgKind.MsgHdr => DecodeMessage(args[index], memory, into),
                ArgKind.MMsgHdr => DecodeMessages(args[index], row, args, index, memory, into),
                ArgKind.Fd when index == 0 => KeepSocket(args, into),
                _ => Errno.None,
            };

            if (!error.IsSuccess)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>Row and registers alone: nothing is read of the guest's memory.</summary>
    internal static void Clear(SyscallRow row, in SyscallArgs args, SyscallRequest into)
    {
        into.Row = row;
        into.Args = args;
        into.OperandCount = 0;
        into.First = default;
        into.Second = default;
        into.OpenFlags = 0;
        into.OpenMode = 0;
        into.ResolveFlags = 0;
        into.SocketFd = -1;
        into.Addresses.Clear();
        into.ControlLength = 0;
    }

    private static Errno KeepSocket(in SyscallArgs args, SyscallRequest into)
    {
        into.SocketFd = Int(args[0]);
        return Errno.None;
    }

    private static Errno DecodeDescriptor(in SyscallArgs args, int index, SyscallRequest into)
        => Add(into, new PathOperand { DirFd = Int(args[index]), ArgIndex = -1, Kind = ArgKind.FdWrite, Follow = true, IsDescriptor = true });

    private static Errno DecodePath(
        SyscallRow row, in SyscallArgs args, int index, int atFlags, ITraceeMemory memory, SyscallRequest into)
    {
        var kind = row.Args[index];
        var hasDirectory = index > 0 && row.Args[index - 1] == ArgKind.DirFd;
        var operand = new PathOperand
        {
            DirFd = hasDirectory ? Int(args[index - 1]) : AT_FDCWD,
            ArgIndex = index,
            Kind = kind,
            Follow = Follows(kind, atFlags, into.OpenFlags),
        };
        var mayBeEmpty = (atFlags & AT_EMPTY_PATH) != 0 && kind is not (ArgKind.PathCreate or ArgKind.PathRemove);
        if (args[index] == 0)
        {
            // utimensat and futimesat take NULL for the descriptor itself (do_utimes, fs/utimes.c); statx and the newest calls take it with
            // AT_EMPTY_PATH. The others answer EFAULT to what is let through here, so that nothing is lost by asking one question for all.
            var changesOrLooks = kind is ArgKind.PathRead or ArgKind.PathReadNoFollow or ArgKind.PathWrite or ArgKind.PathWriteNoFollow;
            if (!hasDirectory || !changesOrLooks || (operand.DirFd == AT_FDCWD && !mayBeEmpty))
            {
                return Errno.EFAULT;
            }

            operand.IsDescriptor = true;
            return Add(into, operand);
        }

        var at = into.OperandCount == 0 ? 0 : PATH_MAX;
        var error = memory.ReadString(args[index], into.Scratch.AsSpan(at, PATH_MAX), out var length);
        if (!error.IsSuccess)
        {
            return error;
        }

        if (length == 0)
        {
            // readlinkat looks up with LOOKUP_EMPTY whatever its flags (it has none).
            if (!mayBeEmpty && !(hasDirectory && row.TakesEmptyPath))
            {
                return Errno.ENOENT;
            }

            operand.IsDescriptor = true;
        }

        operand.Path = into.Scratch.AsMemory(at, length);
        return Add(into, operand);
    }

    private static bool Follows(ArgKind kind, int atFlags, ulong openFlags) => kind switch
    {
        ArgKind.PathRead or ArgKind.PathWrite or ArgKind.PathExec => (atFlags & AT_SYMLINK_NOFOLLOW) == 0,
        ArgKind.PathLinkSource => (atFlags & AT_SYMLINK_FOLLOW) != 0,
        // build_open_flags (fs/open.c): O_EXCL with O_CREAT implies O_NOFOLLOW.
        ArgKind.PathOpen => (openFlags & O_NOFOLLOW) == 0 && (openFlags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL),
        _ => false,
    };

    private static Errno Add(SyscallRequest into, in PathOperand operand)
    {
        switch (into.OperandCount)
        {
            case 0:
                into.First = operand;
                break;
            case 1:
                into.Second = operand;
                break;
            default:
                // No call has three: a row that says so is wrong, and what is not decoded must not be done.
                return Errno.ENOSYS;
        }

        into.OperandCount++;
        return Errno.None;
    }

    private static Errno DecodeOpenFlags(SyscallRow row, in SyscallArgs args, ITraceeMemory memory, SyscallRequest into)
    {
        var how = row.IndexOf(ArgKind.OpenHow);
        if (how >= 0)
        {
            return DecodeOpenHow(args[how], how + 1 < 6 ? args[how + 1] : 0, memory, into);
        }

        var flags = row.IndexOf(ArgKind.OpenFlags);
        into.OpenFlags = flags < 0 ? O_CREAT | O_WRONLY | O_TRUNC : (uint)args[flags];
        if ((into.OpenFlags & O_PATH) != 0)
        {
            // build_open_how (fs/open.c) drops the rest for open and openat; openat2 refuses it.
            into.OpenFlags &= O_PATH_FLAGS;
        }

        var mode = row.IndexOf(ArgKind.Mode);
        into.OpenMode = mode < 0 ? 0 : args[mode] & 0xFFFF;
        return Errno.None;
    }

    /// <summary>copy_struct_from_user (include/linux/uaccess.h): what a larger structure has more must be zero.</summary>
    private static Errno DecodeOpenHow(ulong address, ulong size, ITraceeMemory memory, SyscallRequest into)
    {
        if (size < OPEN_HOW_SIZE_VER0)
        {
            return Errno.EINVAL;
        }

        if (size > LargestOpenHow)
        {
            return Errno.E2BIG;
        }

        // The paths are read later: their place is free.
        var bytes = into.Scratch.AsSpan(0, (int)size);
        if (!memory.Read(address, bytes, out var read).IsSuccess || read != bytes.Length)
        {
            return Errno.EFAULT;
        }

        if (bytes[OPEN_HOW_SIZE_VER0..].ContainsAnyExcept((byte)0))
        {
            return Errno.E2BIG;
        }

        into.OpenFlags = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        into.OpenMode = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        into.ResolveFlags = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        return Errno.None;
    }
}
