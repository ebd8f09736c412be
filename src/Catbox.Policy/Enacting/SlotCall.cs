using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;
using Catbox.Policy.Decoding;

namespace Catbox.Policy.Enacting;

/// <summary>
/// A call as it is made with what was judged of it in a sealed slot: number, registers, and the bytes of the slot. One mutable instance serves one session:
/// the planner fills it, the tracer places it, nothing is allocated.
/// </summary>
internal sealed class SlotCall
{
    /// <summary>The bytes of a slot: two paths of PATH_MAX (link, rename), or one with a structure in front of it.</summary>
    public const int Size = 2 * KernelBits.PATH_MAX;

    /// <summary>A page: what the kernel reads of a slot in one piece lies in one (<see cref="Reserve"/>).</summary>
    private const int Page = 4096;

    private readonly byte[] _bytes = new byte[Size];
    private int _length;
    private int _pointers;
    private (int At, int To) _patch;
    private (int At, int To) _secondPatch;

    /// <summary>The number of the call that is made, which need not be the guest's own (open is made as openat2).</summary>
    public long Number { get; set; }

    /// <summary>Its registers; before <see cref="PlaceAt"/>, those that point into the slot are offsets.</summary>
    public SyscallArgs Args;

    /// <summary>What is to be looked at when the call returns.</summary>
    public SlotEnding Ending;

    /// <summary>What an openat2 asks of its way.</summary>
    public OpenScope Scope;

    /// <summary>Another way to the object of an open.</summary>
    public SlotAlternative Alternative;

    /// <summary>O_TRUNC of an open through a descriptor without a name, which is left out where another task could exchange that.</summary>
    public ulong LeftOut { get; set; }

    /// <summary>The task whose descriptor an open without a name goes through, by that one link and nothing else; 0 where its path is the one that was given.</summary>
    public int DescriptorOf { get; set; }

    /// <summary>Set where the call cannot be made in a slot at all: the guest gets this.</summary>
    public Errno Refusal { get; set; }

    /// <summary>A filter of the guest's own is installed: nothing of it is judged, but from then on it sees the calls that map slots.</summary>
    public bool InstallsFilter { get; internal set; }

    /// <summary>Whether a slash is put behind the path of an open: it makes the kernel insist on a directory.</summary>
    internal bool InsistsOnDirectory { get; set; }

    /// <summary>What the slot is filled with.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Empties it, for a call with these registers.</summary>
    public void Begin(long number, in SyscallArgs args)
    {
        Number = number;
        Args = args;
        Ending = default;
        Scope = default;
        Alternative = default;
        LeftOut = 0;
        DescriptorOf = 0;
        Refusal = Errno.None;
        InstallsFilter = false;
        InsistsOnDirectory = false;
        _length = 0;
        _pointers = 0;
        _patch = _secondPatch = (-1, 0);
    }

    /// <summary>Puts a path and its NUL into the slot, and points a register at it. A path that is too long is the call's <see cref="Refusal"/>.</summary>
    /// <param name="argument">The register, 0–5.</param>
    /// <param name="path">The bytes, without NUL.</param>
    public void PutPath(int argument, ReadOnlySpan<byte> path)
    {
        if (!TryPutPath(argument, path))
        {
            Refusal = Errno.ENAMETOOLONG;
        }
    }

    /// <summary>Puts a path, its slash (<see cref="InsistsOnDirectory"/>) and its NUL into the slot, and points a register at it.</summary>
    /// <returns>False where it is longer than a path may be.</returns>
    internal bool TryPutPath(int argument, ReadOnlySpan<byte> path)
    {
        var length = path.Length + (InsistsOnDirectory ? 1 : 0) + 1;
        if (length > KernelBits.PATH_MAX)
        {
            return false;
        }

        Point(argument, Reserve(length, out var room));
        room.Clear();
        path.CopyTo(room);
        if (InsistsOnDirectory)
        {
            room[path.Length] = (byte)'/';
        }

        return true;
    }

    /// <summary>Puts bytes into the slot and points a register at them.</summary>
    /// <returns>Their offset.</returns>
    public int Put(int argument, ReadOnlySpan<byte> bytes)
    {
        var offset = Reserve(bytes.Length, out var room);
        bytes.CopyTo(room);
        Point(argument, offset);
        return offset;
    }

    /// <summary>Puts bytes into the slot that a pointer inside of it leads to; twice at most.</summary>
    /// <param name="pointerAt">Where that pointer stands.</param>
    /// <param name="bytes">What it points to.</param>
    public void PutBehind(int pointerAt, ReadOnlySpan<byte> bytes)
    {
        if (_secondPatch.At >= 0)
        {
            throw new InvalidOperationException("a slot has two pointers at most");
        }

        _secondPatch = _patch;
        _patch = (pointerAt, Reserve(bytes.Length, out var room));
        bytes.CopyTo(room);
    }

    /// <summary>The descriptor that an open without a name goes through is the calling thread's (<see cref="DescriptorOf"/>) and nobody else's: what was left out comes back, and nothing needs to be looked at.</summary>
    public void TrustDescriptor()
    {
        var how = _bytes.AsSpan(0, KernelBits.OPEN_HOW_SIZE_VER0);
        BinaryPrimitives.WriteUInt64LittleEndian(how, BinaryPrimitives.ReadUInt64LittleEndian(how) | LeftOut);
        Ending.IsNameless = false;
    }

    /// <summary>
    /// Has the open go from where the path as given starts, by a path without links or dots (<see cref="Paths.PathSyntax.TryRelate"/>). Where that leads upwards first, nothing
    /// in the call holds it below its start: it is then a walk that no change of a directory may overtake.
    /// </summary>
    /// <returns>False where the path is too long.</returns>
    internal bool TryTakeRelative(ReadOnlySpan<byte> path)
    {
        var leadsUp = path.StartsWith(".."u8) && (path.Length == 2 || path[2] == (byte)'/');
        _length = KernelBits.OPEN_HOW_SIZE_VER0;
        ResolveBy(KernelBits.RESOLVE_NO_SYMLINKS | (leadsUp ? 0 : KernelBits.RESOLVE_BENEATH));
        Args[0] = unchecked((ulong)(long)Alternative.DirFd);
        Ending.IsAlternative = true;
        Ending.Walks = leadsUp;
        return TryPutPath(1, path);
    }

    /// <summary>Has the open go through the magic link of its descriptor, which is the calling thread's.</summary>
    internal void TakeMagicLink()
    {
        _length = KernelBits.OPEN_HOW_SIZE_VER0;
        ResolveBy(0);
        Ending.IsAlternative = true;
        PutDescriptor(1, Alternative.Task, Alternative.Descriptor);
    }

    /// <summary>Has a bind take its canonical address: descriptor, address, length.</summary>
    internal void TakeCanonicalAddress()
    {
        Span<byte> room = stackalloc byte[KernelBits.SockaddrUn];
        var address = UnixAddress(Alternative.Path.Span, room);
        _length = 0;
        Put(1, address);
        Args[2] = (ulong)address.Length;
        Ending.WalksAsGiven = false;
    }

    /// <summary>The address of a unix socket with this path; no NUL is needed (unix(7)).</summary>
    internal static ReadOnlySpan<byte> UnixAddress(ReadOnlySpan<byte> path, Span<byte> room)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(room, SocketAddress.Unix);
        path.CopyTo(room[sizeof(ushort)..]);
        return room[..(sizeof(ushort) + path.Length)];
    }

    /// <summary>Puts the magic link of a descriptor into the slot: by the number of its task, since <c>self</c> is the leader and <c>thread-self</c> the caller.</summary>
    public void PutDescriptor(int argument, int task, int fd)
    {
        Span<byte> link = stackalloc byte[48];
        Utf8.TryWrite(link, CultureInfo.InvariantCulture, $"/proc/{task}/fd/{fd}", out var length);
        PutPath(argument, link[..length]);
    }

    /// <summary>Turns offsets into addresses. Once.</summary>
    public void PlaceAt(ulong slot)
    {
        for (var i = 0; i < 6; i++)
        {
            if ((_pointers & (1 << i)) != 0)
            {
                Args[i] += slot;
            }
        }

        Patch(slot, _patch);
        Patch(slot, _secondPatch);
    }

    private void Patch(ulong slot, (int At, int To) patch)
    {
        if (patch.At >= 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(patch.At), slot + (ulong)patch.To);
        }
    }

    private void ResolveBy(ulong resolve) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(16, sizeof(ulong)), resolve);

    private void Point(int argument, int offset)
    {
        Args[argument] = (ulong)offset;
        _pointers |= 1 << argument;
    }

    /// <summary>
    /// Room behind what is there, on an eight-byte boundary. What does not fit into the rest of a page starts the next one, so that no path or
    /// structure lies in two pages of which one could be as it was judged and the other not.
    /// </summary>
    private int Reserve(int length, out Span<byte> room)
    {
        var at = (_length + 7) & ~7;
        if ((at % Page) + length > Page)
        {
            at = (at + Page - 1) / Page * Page;
        }

        // What lies between is written too, and must not be an earlier call's.
        _bytes.AsSpan(_length, at - _length).Clear();
        _length = at + length;
        room = _bytes.AsSpan(at, length);
        return at;
    }
}
