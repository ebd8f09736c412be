using System.Buffers.Binary;
using Catbox.Policy.Decoding;

namespace Catbox.Policy.Tests.Decoding;

/// <summary>A guest's memory as a few mapped ranges; everything else is not mapped.</summary>
internal sealed class ScriptedMemory : ITraceeMemory
{
    private readonly List<(ulong Start, byte[] Bytes)> _ranges = [];
    private ulong _next = 0x10000;

    /// <summary>Maps bytes, with unmapped memory behind them, and gives their address.</summary>
    public ulong Map(ReadOnlySpan<byte> bytes)
    {
        var at = _next;
        _ranges.Add((at, bytes.ToArray()));
        _next += (ulong)bytes.Length + 0x1000;
        return at;
    }

    /// <summary>Maps a string with its NUL.</summary>
    public ulong Text(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length + 1];
        text.CopyTo(bytes);
        return Map(bytes);
    }

    /// <summary>Maps a struct user_msghdr with a name.</summary>
    public byte[] Header(ulong name, int length)
    {
        var header = new byte[56];
        BinaryPrimitives.WriteUInt64LittleEndian(header, name);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), length);
        return header;
    }

    public Errno Read(ulong address, Span<byte> into, out int read)
    {
        read = 0;
        foreach (var (start, bytes) in _ranges)
        {
            if (address >= start && address - start < (ulong)bytes.Length)
            {
                var available = bytes.AsSpan((int)(address - start));
                read = Math.Min(available.Length, into.Length);
                available[..read].CopyTo(into);
                return Errno.None;
            }
        }

        return Errno.EFAULT;
    }

    public Errno ReadString(ulong address, Span<byte> into, out int length)
    {
        length = 0;
        var error = Read(address, into, out var read);
        if (!error.IsSuccess)
        {
            return error;
        }

        length = into[..read].IndexOf((byte)0);
        if (length >= 0)
        {
            return Errno.None;
        }

        length = 0;
        return read == into.Length ? Errno.ENAMETOOLONG : Errno.EFAULT;
    }
}
