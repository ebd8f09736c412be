using System.Net;
using System.Text;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Tests.Decoding;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class NetworkJudgementTests : JudgeFixture
{
    public NetworkJudgementTests() => Paths.AddDescriptor(5, "socket:[5]", FileKind.Anonymous);

    private Verdict Connect(byte[] address) => Judge("connect", 5, Memory.Map(address), (ulong)address.Length);

    private Verdict Bind(byte[] address) => Judge("bind", 5, Memory.Map(address), (ulong)address.Length);

    private Verdict SendTo(byte[] address) => Judge("sendto", 5, 0, 0, 0, Memory.Map(address), (ulong)address.Length);

    [Fact]
    public void An_internet_socket_is_denied_while_the_network_is_off()
    {
        Violates(Judge("socket", 10, 0x80001, 0), Errno.EACCES, ViolationSubject.Socket, "AF_INET6 SOCK_STREAM");
        Violates(Judge("socket", 2, 3, 1), Errno.EACCES, ViolationSubject.Socket, "AF_INET SOCK_RAW protocol 1");
        Allowed(Judge("socket", 1, 1, 0));
    }

    [Fact]
    public void A_type_with_unknown_flags_is_EINVAL()
        => Fails(Judge("socket", 2, 0x100001, 0), Errno.EINVAL);

    [Fact]
    public void The_old_packet_socket_is_not_taken_for_an_internet_one()
    {
        Policy = Policy with { Network = NetworkMode.On };
        Violates(Judge("socket", 2, 10, 0), Errno.EACCES, ViolationSubject.Socket, "AF_PACKET type 10");
    }

    [Fact]
    public void Destinations_are_told_as_catbox_told_them()
    {
        Violates(Connect(Addresses.IPv4(0x01020304, 80)), Errno.EACCES, ViolationSubject.Connect, "1.2.3.4:80");
        Violates(Connect(Addresses.IPv6(0, 1, 80)), Errno.EACCES, ViolationSubject.Connect, "::1:80");
        Violates(Connect(Addresses.Unix("\0bus\0x"u8)), Errno.EACCES, ViolationSubject.Connect, "@bus\0x");
        Violates(Connect([40, 0, 1, 2]), Errno.EACCES, ViolationSubject.Connect, "unknown");
    }

    [Fact]
    public void A_connection_taken_back_is_no_destination()
        => Allowed(Connect(Addresses.IPv4(0x01020304, 80, family: 0)));

    [Fact]
    public void A_datagram_to_AF_UNSPEC_goes_to_its_IPv4_address()
        => Violates(SendTo(Addresses.IPv4(0x01020304, 80, family: 0)), Errno.EACCES, ViolationSubject.Connect, "1.2.3.4:80");

    [Fact]
    public void Lengths_that_no_protocol_takes_are_EINVAL()
    {
        Fails(Connect(Addresses.IPv4(1, 1)[..15]), Errno.EINVAL);
        Fails(Connect(Addresses.IPv6(0, 1, 1)[..23]), Errno.EINVAL);
        Fails(Connect(Addresses.Unix(""u8)), Errno.EINVAL);
        Fails(Connect(Addresses.Unix(new byte[109])), Errno.EINVAL);
        Fails(Connect([2]), Errno.EINVAL);
        Fails(Connect([]), Errno.EINVAL);
    }

    [Fact]
    public void A_unix_socket_outside_is_denied_by_where_it_leads()
    {
        Paths.Add("/out/sock", FileKind.Socket);
        Paths.Add("/w/link", FileKind.Symlink, "/out/sock");
        Violates(Connect(Addresses.Unix("/w/link"u8)), Errno.EACCES, ViolationSubject.Connect, "/out/sock");
        Assert.Equal("/w/link", Encoding.Latin1.GetString(Judgement.Given.Span));
        Paths.Add("/w/own", FileKind.Socket);
        Allowed(Connect(Addresses.Unix("own"u8)));
    }

    [Fact]
    public void A_unix_socket_that_is_not_there_is_ENOENT_and_no_violation()
        => Fails(Connect(Addresses.Unix("/out/missing"u8)), Errno.ENOENT);

    [Fact]
    public void A_network_that_is_on_is_connected_without_a_resolution()
    {
        Policy = Policy with { Network = NetworkMode.On };
        Allowed(Connect(Addresses.IPv4(0x01020304, 80)));
        Allowed(Connect(Addresses.Unix("/out/sock"u8)));
        Assert.Equal(0, Paths.Resolutions);
    }

    [Fact]
    public void One_denied_message_denies_the_whole_sendmmsg()
    {
        Policy = Policy with
        {
            NetworkRules = [new NetworkRule(true, IPNetwork.Parse("10.0.0.0/8"), 0, 65535, NetworkDirection.Connect, null)],
        };
        var good = Memory.Header(Memory.Map(Addresses.IPv4(0x0A000001, 53)), 16);
        var bad = Memory.Header(Memory.Map(Addresses.IPv4(0x01020304, 53)), 16);
        var array = new byte[128];
        good.CopyTo(array, 0);
        good.CopyTo(array, 64);
        Allowed(Judge("sendmmsg", 5, Memory.Map(array), 2, 0));
        bad.CopyTo(array, 64);
        Violates(Judge("sendmmsg", 5, Memory.Map(array), 2, 0), Errno.EACCES, ViolationSubject.Connect, "1.2.3.4:53");
    }

    [Fact]
    public void A_unix_name_is_bound_where_it_may_be_written()
    {
        Allowed(Bind(Addresses.Unix("/w/sock"u8)));
        Violates(Bind(Addresses.Unix("/out/sock"u8)), Errno.EACCES, ViolationSubject.Write, "/out/sock");
        Paths.Add("/out/there", FileKind.Socket);
        Fails(Bind(Addresses.Unix("/out/there"u8)), Errno.EADDRINUSE);
    }

    [Fact]
    public void A_name_that_the_kernel_makes_up_is_let_be()
        => Allowed(Bind(Addresses.Unix(""u8)));

    [Fact]
    public void An_internet_address_is_bound_by_the_rules()
    {
        Violates(Bind(Addresses.IPv4(0, 8080)), Errno.EACCES, ViolationSubject.Bind, "0.0.0.0:8080");
        Violates(Bind(Addresses.IPv4(0, 8080, family: 0)), Errno.EACCES, ViolationSubject.Bind, "0.0.0.0:8080");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    [InlineData(10, false)]
    [InlineData(-1, false)]
    public void Listen_binds_a_socket_that_was_not_bound(int family, bool allowed)
    {
        Tree.ListenFamily = family;
        Assert.Equal(allowed, Judge("listen", 5, 1) == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Fact]
    public void Collect_only_records_a_connection_and_makes_it()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Assert.Equal(Verdict.Continue, Connect(Addresses.IPv4(0x7F000001, 80)));
        Reported(Errno.EACCES, ViolationSubject.Connect, "127.0.0.1:80");
    }

    [Fact]
    public void The_text_of_an_IPv6_address_is_the_canonical_one()
        => Gen.Select(Gen.OneOf(Gen.Const((ushort)0), Gen.Const((ushort)1), Gen.UShort).Array[8], Gen.UShort).Sample((groups, port) =>
        {
            var bytes = groups.SelectMany(static g => new[] { (byte)(g >> 8), (byte)g }).ToArray();
            var high = bytes.Take(8).Aggregate(0ul, static (a, b) => (a << 8) | b);
            var low = bytes.Skip(8).Aggregate(0ul, static (a, b) => (a << 8) | b);
            Span<byte> text = stackalloc byte[160];
            var length = DestinationText.Address(new Catbox.Policy.Decoding.SocketAddress(10, high, low, port, 0, default, 28), text);
            var address = Encoding.ASCII.GetString(text[..length]);
            var end = address.LastIndexOf(':');

            // Reading it back gives the address; and it is as short as the framework's own, which also follows RFC 5952.
            return IPAddress.Parse(address[..end]).GetAddressBytes().SequenceEqual(bytes)
                && address[..end].Length <= new IPAddress(bytes).ToString().Length
                && address[(end + 1)..] == port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
}
