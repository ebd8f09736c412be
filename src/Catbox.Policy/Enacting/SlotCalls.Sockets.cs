using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Enacting;

// Socket addresses, message headers and control messages. Data and iovecs stay where they are: nothing of them was judged.
internal static partial class SlotCalls
{
    /// <summary>sendmsg on x86-64.</summary>
    private const long Sendmsg = 46;

    /// <summary>Where struct user_msghdr has its name's length, and struct mmsghdr the length that was sent (include/linux/socket.h).</summary>
    private const int MsgNameLen = 8, MsgLen = 56;

    private static uint MessageCount(SyscallRequest request)
    {
        var index = request.Row.IndexOf(ArgKind.MMsgHdr);
        return index < 0 ? 0 : (uint)request.Args[index + 1];
    }

    private static void PlanAddress(SyscallRequest request, Judgement judgement, SlotCall into)
    {
        Span<byte> room = stackalloc byte[SockaddrUn];
        var address = AddressOf(request, judgement, room, into);
        into.Put(request.Row.IndexOf(ArgKind.Sockaddr), address);
        into.Args[request.Row.IndexOf(ArgKind.SockaddrLength)] = (ulong)address.Length;
    }

    /// <summary>
    /// A sendmmsg is made as a sendmsg of its first message, and returns 1: the kernel writes each message's length back into the array, which a slot does not
    /// let it do, and a caller has to be ready for fewer messages than it gave.
    /// </summary>
    private static void PlanMessage(SyscallRequest request, Judgement judgement, SlotCall into)
    {
        Span<byte> header = stackalloc byte[UserMsghdr];
        request.MessageHeader.CopyTo(header);
        var pointer = 1;
        if (request.Row.Shape == RequestShape.SendMMsg)
        {
            pointer = request.Row.IndexOf(ArgKind.MMsgHdr);
            into.Ending.MessageLengthAt = unchecked(request.Args[pointer] + MsgLen);
            into.Number = Sendmsg;
            into.Args[2] = request.Args[pointer + 2];
            into.Args[3] = 0;
        }

        header[RequestDecoder.MsgControl..(RequestDecoder.MsgControlLength + sizeof(ulong))].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(header[RequestDecoder.MsgControlLength..], request.ControlLength);
        var hasName = BinaryPrimitives.ReadUInt64LittleEndian(header) != 0 && BinaryPrimitives.ReadInt32LittleEndian(header[MsgNameLen..]) != 0
            && request.Addresses.Count > 0;
        Span<byte> room = stackalloc byte[SockaddrUn];
        var name = hasName ? AddressOf(request, judgement, room, into) : default;
        header[..(MsgNameLen + sizeof(int))].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[MsgNameLen..], name.Length);
        var at = into.Put(pointer, header);
        if (hasName)
        {
            into.PutBehind(at, name);
        }

        if (request.ControlLength > 0)
        {
            into.PutBehind(at + RequestDecoder.MsgControl, request.Control.AsSpan(0, request.ControlLength));
        }
    }

    /// <summary>
    /// The bytes of the (first) address. A unix path is the canonical one where it fits into an address. It cannot be held to having no link on its way, as that of an
    /// open: the kernel walks it (unix_find_bsd, net/unix/af_unix.c), and walks it again after each wait for room at the receiver.
    /// </summary>
    private static ReadOnlySpan<byte> AddressOf(SyscallRequest request, Judgement judgement, Span<byte> room, SlotCall into)
    {
        var address = request.Addresses[0];
        var given = request.FirstAddress.Span[..address.Length];
        var canonical = judgement.First.Canonical;
        if (address.Family != SocketAddress.Unix || address.IsAbstract || canonical.IsEmpty)
        {
            return given;
        }

        into.Ending.Walks = true;
        var fits = canonical.Length <= SockaddrUn - sizeof(ushort) && HaveOnePath(request);
        if (fits && request.Row.Shape != RequestShape.Bind)
        {
            return SlotCall.UnixAddress(canonical, room);
        }

        into.Ending.WalksAsGiven = true;
        into.Ending.MagicLinksOf = HaveOnePath(request) ? judgement.First.MagicLinksOf : -1;
        if (fits)
        {
            // getsockname gives what was bound, so that is what was given wherever it can be.
            into.Alternative = new SlotAlternative { Kind = SlotAlternativeKind.CanonicalAddress, Path = judgement.First.CanonicalMemory };
        }

        return given;
    }

    /// <summary>What was found out of the path of the last address is true of the first.</summary>
    private static bool HaveOnePath(SyscallRequest request)
    {
        foreach (var address in request.Addresses)
        {
            if (!address.UnixPath.Span.SequenceEqual(request.Addresses[0].UnixPath.Span))
            {
                return false;
            }
        }

        return true;
    }
}
