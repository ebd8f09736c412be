using System.Buffers.Binary;

namespace Catbox.Policy.Tests.Decoding;

/// <summary>Socket addresses as a guest would write them.</summary>
public static class Addresses
{
    public static byte[] IPv4(uint address, ushort port, ushort family = 2)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, family);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), address);
        return bytes;
    }

    public static byte[] IPv6(ulong high, ulong low, ushort port, uint scope = 0)
    {
        var bytes = new byte[28];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 10);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), low);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), scope);
        return bytes;
    }

    public static byte[] Unix(ReadOnlySpan<byte> sunPath)
    {
        var bytes = new byte[2 + sunPath.Length];
        bytes[0] = 1;
        sunPath.CopyTo(bytes.AsSpan(2));
        return bytes;
    }
}
