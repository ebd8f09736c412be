using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Decoding;

/// <summary>
/// A decoded call. One mutable instance serves one loop: the decoder fills it and the judge reads it, so that a stop
/// allocates nothing. It must not be kept beyond the stop.
/// </summary>
internal sealed class SyscallRequest
{
    /// <summary>The row of the call.</summary>
    public SyscallRow Row { get; set; } = null!;
    /// <summary>The registers.</summary>
    public SyscallArgs Args;
    /// <summary>How many of <see cref="First"/> and <see cref="Second"/> are in use.</summary>
    public int OperandCount { get; set; }
    /// <summary>The first path operand.</summary>
    public PathOperand First;
    /// <summary>The second path operand (rename, link).</summary>
    public PathOperand Second;
    /// <summary>O_* flags of an open, from a register or from struct open_how; creat's are filled in.</summary>
    public ulong OpenFlags { get; set; }
    /// <summary>The mode of an open that may create.</summary>
    public ulong OpenMode { get; set; }
    /// <summary>RESOLVE_* of openat2.</summary>
    public ulong ResolveFlags { get; set; }
    /// <summary>Socket descriptor of connect, bind, listen and the sends.</summary>
    public int SocketFd { get; set; }
    /// <summary>The addresses of connect, bind, sendto, sendmsg (one) or sendmmsg (many); raw bytes, see <see cref="SocketAddress"/>.</summary>
    public List<SocketAddress> Addresses { get; } = [];
    /// <summary>Where path bytes and addresses are kept while the request lives: two paths of PATH_MAX and an address.</summary>
    public byte[] Scratch { get; } = new byte[(2 * 4096) + 4096];

    /// <summary>The struct user_msghdr of sendmsg, or of the first message of sendmmsg, as it was read.</summary>
    public byte[] MessageHeader { get; } = new byte[KernelBits.UserMsghdr];

    /// <summary>The control messages of sendmsg, or of the first message of sendmmsg, as they were read; the first <see cref="ControlLength"/> bytes.</summary>
    public byte[] Control { get; } = new byte[ControlMessages.MaxLength];

    /// <summary>How much of <see cref="Control"/> there is.</summary>
    public int ControlLength { get; set; }

    /// <summary>The bytes of the first address, as they were read; as long as its <see cref="SocketAddress.Length"/> says.</summary>
    public ReadOnlyMemory<byte> FirstAddress => Scratch.AsMemory(RequestDecoder.AddressesAt, KernelBits.SockaddrStorage);

    private byte[] _manyAddresses = [];

    /// <summary>
    /// Room for the bytes of an address: in <see cref="Scratch"/> from <paramref name="begin"/> on, and in a buffer of its own for the later ones of a
    /// sendmmsg, which is made at the first such call and kept.
    /// </summary>
    internal Memory<byte> AddressRoom(int begin, int slot, int size)
    {
        var inScratch = (Scratch.Length - begin) / size;
        if (slot < inScratch)
        {
            return Scratch.AsMemory(begin + (slot * size), size);
        }

        // Sized for the longest call at once: earlier addresses are slices of it, so that it must not be replaced under them.
        if (_manyAddresses.Length == 0)
        {
            _manyAddresses = new byte[KernelBits.UIO_MAXIOV * size];
        }

        return _manyAddresses.AsMemory(slot * size, size);
    }
}
