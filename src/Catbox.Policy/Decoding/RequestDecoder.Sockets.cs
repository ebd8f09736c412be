using System.Buffers.Binary;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Decoding;

// Socket addresses, as net/socket.c copies them in.
internal static partial class RequestDecoder
{
    /// <summary>Where struct user_msghdr has its control messages and their length (include/linux/socket.h).</summary>
    internal const int MsgControl = 32, MsgControlLength = 40;

    /// <summary>How many messages of sendmmsg are read at once.</summary>
    private const int MessagesPerRead = 16;

    /// <summary>connect, bind and sendto: a pointer and an int length (move_addr_to_kernel).</summary>
    private static Errno DecodeSockaddr(SyscallRow row, in SyscallArgs args, int index, ITraceeMemory memory, SyscallRequest into)
    {
        // sendto does not look at the length of an address that is not there.
        if (args[index] == 0 && row.Shape == RequestShape.SendTo)
        {
            return Errno.None;
        }

        var lengthIndex = row.IndexOf(ArgKind.SockaddrLength);
        var length = lengthIndex < 0 ? 0 : Int(args[lengthIndex]);
        return length is < 0 or > SockaddrStorage ? Errno.EINVAL : ReadAddress(args[index], length, 0, memory, into);
    }

    /// <summary>sendmsg: the name of a struct user_msghdr (__copy_msghdr).</summary>
    private static Errno DecodeMessage(ulong address, ITraceeMemory memory, SyscallRequest into)
    {
        Span<byte> header = stackalloc byte[UserMsghdr];
        if (!memory.Read(address, header, out var read).IsSuccess || read != header.Length)
        {
            return Errno.EFAULT;
        }

        header.CopyTo(into.MessageHeader);
        var error = DecodeName(header, 0, memory, into);
        return error.IsSuccess ? ReadControl(header, memory, into) : error;
    }

    /// <summary>The control messages are as much of a send as its address is (____sys_sendmsg): what was judged of them must be what the kernel reads.</summary>
    private static Errno ReadControl(ReadOnlySpan<byte> header, ITraceeMemory memory, SyscallRequest into)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(header[MsgControlLength..]);
        if (length == 0)
        {
            return Errno.None;
        }

        if (length > ControlMessages.MaxLength)
        {
            return Errno.ENOBUFS;
        }

        into.ControlLength = (int)length;
        var room = into.Control.AsSpan(0, into.ControlLength);
        return memory.Read(BinaryPrimitives.ReadUInt64LittleEndian(header[MsgControl..]), room, out var read).IsSuccess && read == room.Length
            ? Errno.None : Errno.EFAULT;
    }

    /// <summary>
    /// sendmmsg: the names of an array of struct mmsghdr. Where one cannot be read the whole call fails; the kernel would have sent the
    /// messages before it, but an entry that was not judged must not be there for it to read.
    /// </summary>
    private static Errno DecodeMessages(
        ulong address, SyscallRow row, in SyscallArgs args, int index, ITraceeMemory memory, SyscallRequest into)
    {
        // unsigned int vlen; more than UIO_MAXIOV is cut (__sys_sendmmsg).
        var length = index + 1 < row.Args.Length ? (uint)args[index + 1] : 0;
        var count = (int)Math.Min(length, UIO_MAXIOV);
        Span<byte> block = stackalloc byte[MessagesPerRead * Mmsghdr];
        for (var first = 0; first < count; first += MessagesPerRead)
        {
            // Of the last one the header alone: the kernel writes its length, and looks at nothing behind that.
            var last = Math.Min(MessagesPerRead, count - first) - 1;
            var headers = block[..((last * Mmsghdr) + UserMsghdr)];
            if (!memory.Read(unchecked(address + (ulong)(first * Mmsghdr)), headers, out var read).IsSuccess || read != headers.Length)
            {
                return Errno.EFAULT;
            }

            if (first == 0)
            {
                headers[..UserMsghdr].CopyTo(into.MessageHeader);
                var control = ReadControl(headers[..UserMsghdr], memory, into);
                if (!control.IsSuccess)
                {
                    return control;
                }
            }

            for (var offset = 0; offset < headers.Length; offset += Mmsghdr)
            {
                var error = DecodeName(headers.Slice(offset, UserMsghdr), into.Addresses.Count, memory, into);
                if (!error.IsSuccess)
                {
                    return error;
                }
            }
        }

        return Errno.None;
    }

    private static Errno DecodeName(ReadOnlySpan<byte> header, int slot, ITraceeMemory memory, SyscallRequest into)
    {
        var name = BinaryPrimitives.ReadUInt64LittleEndian(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (name == 0)
        {
            return Errno.None;
        }

        if (length < 0)
        {
            return Errno.EINVAL;
        }

        // A name of no length is no name (__copy_msghdr), other than in connect and sendto.
        return length == 0 ? Errno.None : ReadAddress(name, Math.Min(length, SockaddrStorage), slot, memory, into);
    }

    private static Errno ReadAddress(ulong address, int length, int slot, ITraceeMemory memory, SyscallRequest into)
    {
        var room = into.AddressRoom(AddressesAt, slot, SockaddrStorage)[..length];
        if (length > 0 && (!memory.Read(address, room.Span, out var read).IsSuccess || read != length))
        {
            return Errno.EFAULT;
        }

        into.Addresses.Add(ParseAddress(room));
        return Errno.None;
    }

    /// <summary>Takes the bytes of a socket address apart; never fails, since what is too short is left at zero.</summary>
    /// <param name="address">The bytes up to the address's length, 0–128. A unix path stays a slice of them.</param>
    public static SocketAddress ParseAddress(ReadOnlyMemory<byte> address)
    {
        var bytes = address.Span;
        if (bytes.Length < 2)
        {
            return new SocketAddress(-1, 0, 0, 0, 0, default, bytes.Length);
        }

        var family = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        switch (family)
        {
            case SocketAddress.Unix:
                return new SocketAddress(family, 0, 0, 0, 0, UnixName(address[2..]), bytes.Length);
            // AF_UNSPEC is read as AF_INET by bind and by an IPv4 datagram socket's send (net/ipv4/af_inet.c, udp.c).
            case SocketAddress.Inet or SocketAddress.Unspecified when bytes.Length >= SockaddrIn:
                return new SocketAddress(
                    family, 0, BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 0, default, bytes.Length);
            case SocketAddress.Inet6 when bytes.Length >= SockaddrIn6Shortest:
                return new SocketAddress(
                    family,
                    BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                    BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
                    bytes.Length >= SockaddrIn6 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) : 0,
                    default,
                    bytes.Length);
            default:
                return new SocketAddress(family, 0, 0, 0, 0, default, bytes.Length);
        }
    }

    /// <summary>A pathname ends at its first NUL or at the address's end; an abstract name has the NULs that it has (unix(7)).</summary>
    private static ReadOnlyMemory<byte> UnixName(ReadOnlyMemory<byte> sunPath)
    {
        if (sunPath.IsEmpty || sunPath.Span[0] == 0)
        {
            return sunPath;
        }

        var end = sunPath.Span.IndexOf((byte)0);
        return end < 0 ? sunPath : sunPath[..end];
    }
}
