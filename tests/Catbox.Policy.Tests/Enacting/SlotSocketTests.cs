using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Tests.Judging;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

/// <summary>Addresses and message headers in a slot.</summary>
public sealed class SlotSocketTests : JudgeFixture
{
    private const ulong Slot = 0x7f00_0000_0000;

    /// <summary>A cmsghdr of SOL_SOCKET, SCM_RIGHTS, with one descriptor.</summary>
    private static readonly byte[] s_control = [20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] s_loopback = [2, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly SlotCall _call = new();

    public SlotSocketTests()
    {
        var network = new IPNetwork(IPAddress.Loopback, 32);
        Policy = Policy with
        {
            NetworkRules = ImmutableArray.Create(
                new NetworkRule(true, network, 9, 9, NetworkDirection.Connect, null), new NetworkRule(true, null, 0, ushort.MaxValue, NetworkDirection.Connect, "/w/socket")),
        };
        Paths.Add("/w/socket", FileKind.Socket);
    }

    [Fact]
    public void An_address_is_copied()
    {
        Plan("connect", 3, Memory.Text(s_loopback), 16);
        Assert.Equal((42, 3ul, Slot, 16ul), (_call.Number, _call.Args[0], _call.Args[1], _call.Args[2]));
        Assert.Equal(s_loopback, _call.Bytes.ToArray());
    }

    [Fact]
    public void A_unix_path_is_the_canonical_one()
    {
        Plan("connect", 3, Memory.Text([1, 0, .. "/w/./socket\0and more"u8]), 22);
        Assert.Equal([1, 0, .. "/w/socket"u8], _call.Bytes.ToArray());
        Assert.Equal(11ul, _call.Args[2]);
    }

    [Fact]
    public void While_a_unix_path_is_walked_nothing_may_change()
    {
        Plan("connect", 3, Memory.Text([1, 0, .. "/w/socket"u8]), 11);
        Assert.Equal((true, false), (_call.Ending.Walks, _call.Ending.WalksAsGiven));
        Plan("connect", 3, Memory.Text(s_loopback), 16);
        Assert.False(_call.Ending.Walks);
    }

    [Fact]
    public void A_socket_is_bound_by_the_name_that_was_given_or_where_that_can_be_made_to_lead_elsewhere_by_the_canonical_one()
    {
        Plan("bind", 3, Memory.Text([1, 0, .. "/w/./new\0"u8]), 11);
        Assert.Equal([1, 0, .. "/w/./new\0"u8], _call.Bytes.ToArray());
        Assert.Equal((true, true), (_call.Ending.Walks, _call.Ending.WalksAsGiven));

        _call.TakeCanonicalAddress();

        Assert.Equal([1, 0, .. "/w/new"u8], _call.Bytes.ToArray());
        Assert.Equal((8ul, false), (_call.Args[2], _call.Ending.WalksAsGiven));
    }

    [Fact]
    public void A_canonical_path_that_is_too_long_for_an_address_is_walked_as_it_was_given()
    {
        var name = new string('n', 200);
        Paths.Add($"/w/{name}", FileKind.Socket);
        Paths.Add("/w/short", FileKind.Symlink, $"/w/{name}");
        Plan("connect", 3, Memory.Text([1, 0, .. "/w/short"u8]), 10);
        Assert.Equal([1, 0, .. "/w/short"u8], _call.Bytes.ToArray());
        Assert.Equal((true, SlotAlternativeKind.None), (_call.Ending.WalksAsGiven, _call.Alternative.Kind));
    }

    [Fact]
    public void Data_and_flags_of_sendto_are_the_guests()
    {
        Plan("sendto", 3, 0x1000, 5, 0x4000, Memory.Text(s_loopback), 16);
        Assert.Equal((0x1000ul, 5ul, 0x4000ul, Slot, 16ul), (_call.Args[1], _call.Args[2], _call.Args[3], _call.Args[4], _call.Args[5]));
    }

    [Fact]
    public void A_message_keeps_its_data_and_has_its_name_and_its_control_messages_in_the_slot()
    {
        Plan("sendmsg", 3, Memory.Text(Header(Memory.Text(s_loopback), 16, Memory.Map(s_control))), 0);
        Assert.Equal((46, Slot), (_call.Number, _call.Args[1]));
        Assert.Equal(Header(Slot + 56, 16, Slot + 72), _call.Bytes[..56].ToArray());
        Assert.Equal([.. s_loopback, .. s_control], _call.Bytes[56..].ToArray());
    }

    [Fact]
    public void Control_messages_that_do_not_fit_behind_the_header_lie_in_a_page_of_their_own()
    {
        byte[] control = [.. BitConverter.GetBytes(4096L), .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1), .. new byte[4080]];
        var header = Header(0, 0, Memory.Map(control));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), 4096);
        Plan("sendmsg", 3, Memory.Text(header), 0);
        Assert.Equal(Slot + 4096, BinaryPrimitives.ReadUInt64LittleEndian(_call.Bytes[32..]));
        Assert.Equal(control, _call.Bytes[4096..].ToArray());
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), 4097);
        Paths.AddDescriptor(3, "socket:[3]", FileKind.Anonymous);
        Fails(Judge("sendmsg", 3, Memory.Text(header), 0), Errno.ENOBUFS);
    }

    [Theory]
    [InlineData(0ul, 16)]
    [InlineData(0x1000ul, 0)]
    public void A_message_without_a_name_gets_none_later(ulong name, int length)
    {
        Plan("sendmsg", 3, Memory.Text(Header(name, length, 0)), 0);
        Assert.Equal(Header(0, 0, 0), _call.Bytes.ToArray());
    }

    [Fact]
    public void Of_many_messages_one_is_sent()
    {
        byte[] first = [.. Header(Memory.Text(s_loopback), 16, 0), 7, 0, 0, 0, 0, 0, 0, 0];
        byte[] second = [.. Header(0, 0, 0), 0, 0, 0, 0, 0, 0, 0, 0];
        var array = Memory.Text([.. first, .. second]);
        Plan("sendmmsg", 3, array, 2, 0x40);
        Assert.Equal((46, 3ul, Slot, 0x40ul), (_call.Number, _call.Args[0], _call.Args[1], _call.Args[2]));
        Assert.Equal(array + 56, _call.Ending.MessageLengthAt);
        Assert.Equal(SlotOutcome.TellLength, _call.Ending.After(5, 0));
    }

    [Fact]
    public void No_messages_need_no_slot()
    {
        Allowed(Judge("sendmmsg", 3, 0x1000, 0, 0));
        Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
    }

    private void Plan(string call, params ReadOnlySpan<ulong> registers)
    {
        Allowed(Judge(call, registers));
        Assert.Equal(EnactmentKind.Slot, EnactmentPlanner.Of(Request, Judgement));
        SlotCalls.Plan(Request, Judgement, _call);
        _call.PlaceAt(Slot);
    }

    /// <summary>struct user_msghdr: name, its length, iov, their number, control, its length, flags.</summary>
    private static byte[] Header(ulong name, int length, ulong control)
    {
        var header = new byte[56];
        BinaryPrimitives.WriteUInt64LittleEndian(header, name);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), length);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), 0xAAAA);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), control);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), control == 0 ? 0ul : (ulong)s_control.Length);
        return header;
    }
}
