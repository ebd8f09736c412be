using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Xunit;

namespace Catbox.Policy.Tests.Decoding;

public sealed class ControlMessagesTests
{
    [Theory]
    [InlineData(1, 1, true)] // SCM_RIGHTS
    [InlineData(1, 36, false)] // SO_MARK
    [InlineData(0, 2, true)] // IP_TTL
    [InlineData(0, 7, false)] // IP_RETOPTS
    [InlineData(41, 67, true)] // IPV6_TCLASS
    [InlineData(41, 57, false)] // IPV6_RTHDR
    [InlineData(41, 5, false)] // IPV6_2292RTHDR
    [InlineData(41, 55, false)] // IPV6_RTHDRDSTOPTS
    [InlineData(41, 54, false)] // IPV6_HOPOPTS
    [InlineData(17, 103, true)] // UDP_SEGMENT
    public void What_gives_a_packet_another_way_is_not_allowed(int level, int type, bool allowed) =>
        Assert.Equal(allowed ? Errno.None : Errno.EPERM, ControlMessages.Check(Message(level, type, new byte[24])));

    [Theory]
    [InlineData(0, 8, 0)]
    [InlineData(41, 50, 16)]
    [InlineData(41, 2, 16)]
    public void A_packet_may_name_its_sender_and_not_its_link(int level, int type, int at)
    {
        var data = new byte[20];
        Assert.Equal(Errno.None, ControlMessages.Check(Message(level, type, data)));
        data[at] = 1;
        Assert.Equal(Errno.EPERM, ControlMessages.Check(Message(level, type, data)));
    }

    [Fact]
    public void Each_message_is_looked_at_and_a_wrong_length_is_the_kernels_EINVAL()
    {
        byte[] two = [.. Message(0, 2, new byte[4]), 0, 0, 0, 0, .. Message(0, 7, new byte[4])];
        Assert.Equal(Errno.EPERM, ControlMessages.Check(two));
        Assert.Equal(Errno.EINVAL, ControlMessages.Check(two.AsSpan(0, two.Length - 1)));
        Assert.Equal(Errno.EINVAL, ControlMessages.Check(new byte[16]));
        Assert.Equal(Errno.None, ControlMessages.Check(new byte[15]));
    }

    private static byte[] Message(int level, int type, byte[] data)
    {
        var bytes = new byte[16 + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), level);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), type);
        data.CopyTo(bytes, 16);
        return bytes;
    }
}
