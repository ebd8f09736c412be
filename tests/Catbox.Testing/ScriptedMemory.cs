using Catbox.Policy;
using Catbox.Policy.Decoding;

namespace Catbox.Testing;

/// <summary>The memory of a scripted guest: pieces with nothing mapped between them.</summary>
internal sealed class ScriptedMemory : ITraceeMemory
{
    private const ulong Spacing = 0x10_0000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, byte[]> _pieces = [];

    /// <summary>Nothing is mapped here, and nothing ever will be.</summary>
    public const ulong Unmapped = 8;

    /// <summary>Maps bytes.</summary>
    /// <returns>Where they are.</returns>
    public ulong Put(byte[] bytes)
    {
        lock (_lock)
        {
            var address = ((ulong)_pieces.Count + 1) * Spacing;
            _pieces[address] = bytes;
            return address;
        }
    }

    /// <inheritdoc/>
    public Errno Read(ulong address, Span<byte> into, out int read)
    {
        lock (_lock)
        {
            var offset = address % Spacing;
            if (!_pieces.TryGetValue(address - offset, out var piece) || offset >= (ulong)piece.Length)
            {
                read = 0;
                return Errno.EFAULT;
            }

            var mapped = piece.AsSpan((int)offset);
            read = Math.Min(mapped.Length, into.Length);
            mapped[..read].CopyTo(into);
            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public Errno ReadString(ulong address, Span<byte> into, out int length)
    {
        length = 0;
        var error = Read(address, into, out var read);
        if (!error.IsSuccess)
        {
            return error;
        }

        var end = into[..read].IndexOf((byte)0);
        length = Math.Max(0, end);
        return end >= 0 ? Errno.None : read == into.Length ? Errno.ENAMETOOLONG : Errno.EFAULT;
    }
}
