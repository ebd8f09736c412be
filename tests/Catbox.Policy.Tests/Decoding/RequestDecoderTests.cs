using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Decoding;

public sealed class RequestDecoderTests
{
    private const ulong AtFdCwd = unchecked((ulong)-100L);
    private readonly ScriptedMemory _memory = new();
    private readonly SyscallRequest _request = new();

    private Errno Decode(string call, params ReadOnlySpan<ulong> registers)
    {
        var args = default(SyscallArgs);
        registers.CopyTo(args);
        return RequestDecoder.Decode(LinuxX64.Table.Named(call), args, _memory, _request);
    }

    private ulong How(ulong flags, ulong resolve = 0, int size = 24)
    {
        var bytes = new byte[size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), resolve);
        return _memory.Map(bytes);
    }

    [Fact]
    public void The_low_half_of_a_register_is_the_directory_descriptor()
    {
        Assert.Equal(Errno.None, Decode("mkdirat", 0xDEAD_0000_FFFF_FF9C, _memory.Text("x"u8), 0));
        Assert.Equal(-100, _request.First.DirFd);
        Assert.Equal("x"u8, _request.First.Path.Span);
    }

    [Fact]
    public void Both_paths_of_a_rename_are_kept_with_their_own_directories()
    {
        Assert.Equal(Errno.None, Decode("renameat2", 3, _memory.Text("old"u8), 4, _memory.Text("new"u8), 0));
        Assert.Equal(2, _request.OperandCount);
        Assert.Equal((3, ArgKind.PathRemove), (_request.First.DirFd, _request.First.Kind));
        Assert.Equal((4, ArgKind.PathCreate), (_request.Second.DirFd, _request.Second.Kind));
        Assert.Equal("old"u8, _request.First.Path.Span);
        Assert.Equal("new"u8, _request.Second.Path.Span);
    }

    [Fact]
    public void A_path_that_runs_into_unmapped_memory_is_EFAULT()
        => Assert.Equal(Errno.EFAULT, Decode("unlink", _memory.Map("no end"u8)));

    [Fact]
    public void A_path_without_NUL_in_PATH_MAX_bytes_is_ENAMETOOLONG()
        => Assert.Equal(Errno.ENAMETOOLONG, Decode("unlink", _memory.Map(Enumerable.Repeat((byte)'a', 5000).ToArray())));

    [Fact]
    public void The_longest_path_has_4095_bytes()
    {
        Assert.Equal(Errno.None, Decode("unlink", _memory.Text(Enumerable.Repeat((byte)'a', 4095).ToArray())));
        Assert.Equal(4095, _request.First.Path.Length);
        Assert.Equal(Errno.ENAMETOOLONG, Decode("unlink", _memory.Text(Enumerable.Repeat((byte)'a', 4096).ToArray())));
    }

    [Fact]
    public void An_empty_path_is_ENOENT()
        => Assert.Equal(Errno.ENOENT, Decode("fchownat", 3, _memory.Text(""u8), 0, 0, 0));

    [Fact]
    public void An_empty_path_with_AT_EMPTY_PATH_is_the_descriptor()
    {
        Assert.Equal(Errno.None, Decode("fchownat", 3, _memory.Text(""u8), 0, 0, 0x1000));
        Assert.True(_request.First.IsDescriptor);
        Assert.Equal(3, _request.First.DirFd);
    }

    [Fact]
    public void An_empty_path_of_readlinkat_is_the_descriptor_and_of_others_nothing()
    {
        Assert.Equal(Errno.None, Decode("readlinkat", 3, _memory.Text(""u8), 0, 0));
        Assert.Equal((3, true), (_request.First.DirFd, _request.First.IsDescriptor));
        Assert.Equal(Errno.ENOENT, Decode("readlink", _memory.Text(""u8), 0, 0));
        Assert.Equal(Errno.ENOENT, Decode("faccessat", 3, _memory.Text(""u8), 0));
    }

    [Fact]
    public void AT_EMPTY_PATH_of_linkat_is_about_the_source_only()
        => Assert.Equal(Errno.ENOENT, Decode("linkat", 3, _memory.Text(""u8), AtFdCwd, _memory.Text(""u8), 0x1000));

    [Fact]
    public void A_NULL_path_of_utimensat_is_the_descriptor_and_not_the_working_directory()
    {
        Assert.Equal(Errno.None, Decode("utimensat", 7, 0, 0, 0));
        Assert.True(_request.First.IsDescriptor);
        Assert.Equal(Errno.EFAULT, Decode("utimensat", AtFdCwd, 0, 0, 0));
    }

    [Theory]
    [InlineData("mkdirat")]
    [InlineData("openat")]
    [InlineData("unlinkat")]
    public void A_NULL_path_is_EFAULT_elsewhere(string call)
        => Assert.Equal(Errno.EFAULT, Decode(call, 7, 0, 0, 0));

    [Theory]
    [InlineData("fchownat", 4, 0x100, false)]
    [InlineData("fchownat", 4, 0, true)]
    [InlineData("setxattrat", 2, 0x100, false)]
    [InlineData("setxattrat", 2, 0, true)]
    [InlineData("file_setattr", 4, 0x100, false)]
    [InlineData("linkat", 4, 0, false)]
    [InlineData("linkat", 4, 0x400, true)]
    [InlineData("lchown", 5, 0, false)]
    [InlineData("chown", 5, 0, true)]
    public void The_flags_say_whether_the_last_link_is_followed(string call, int flagsAt, ulong flags, bool follows)
    {
        var path = _memory.Text("x"u8);
        var args = default(SyscallArgs);
        var row = LinuxX64.Table.Named(call);
        for (var i = 0; i < row.Args.Length; i++)
        {
            args[i] = row.Args[i] is >= ArgKind.PathRead and <= ArgKind.PathExec ? path : 0;
        }

        args[flagsAt] = flags;
        Assert.Equal(Errno.None, RequestDecoder.Decode(row, args, _memory, _request));
        Assert.Equal(follows, _request.First.Follow);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0x20000, false)]
    [InlineData(0x40, true)]
    [InlineData(0xC0, false)]
    [InlineData(0x80, true)]
    public void An_open_does_not_follow_with_O_NOFOLLOW_or_with_O_CREAT_and_O_EXCL(ulong flags, bool follows)
    {
        Assert.Equal(Errno.None, Decode("openat", AtFdCwd, _memory.Text("x"u8), flags, 0));
        Assert.Equal(follows, _request.First.Follow);
    }

    [Fact]
    public void Creat_creates_writes_and_truncates()
    {
        Assert.Equal(Errno.None, Decode("creat", _memory.Text("x"u8), 0x1A4));
        Assert.Equal((0x241ul, 0x1A4ul), (_request.OpenFlags, _request.OpenMode));
    }

    [Fact]
    public void O_PATH_drops_what_the_kernel_ignores_with_it()
    {
        Assert.Equal(Errno.None, Decode("open", _memory.Text("x"u8), 0x200000 | 0x241 | 0x20000, 0));
        Assert.Equal(0x220000ul, _request.OpenFlags);
    }

    [Fact]
    public void Openat2_has_its_flags_in_memory()
    {
        Assert.Equal(Errno.None, Decode("openat2", AtFdCwd, _memory.Text("x"u8), How(0x241, 8), 24));
        Assert.Equal((0x241ul, 8ul), (_request.OpenFlags, _request.ResolveFlags));
        Assert.Equal("x"u8, _request.First.Path.Span);
    }

    [Theory]
    [InlineData(24, 23ul, 22)]
    [InlineData(24, 0ul, 22)]
    [InlineData(24, 4097ul, 7)]
    [InlineData(24, 32ul, 14)]
    [InlineData(32, 32ul, 0)]
    public void The_size_of_open_how_is_checked_as_the_kernel_does(int mapped, ulong size, int errno)
        => Assert.Equal(new Errno(errno), Decode("openat2", AtFdCwd, _memory.Text("x"u8), How(0, 0, mapped), size));

    [Fact]
    public void What_a_newer_open_how_has_more_must_be_zero()
    {
        var bytes = new byte[32];
        bytes[31] = 1;
        Assert.Equal(Errno.E2BIG, Decode("openat2", AtFdCwd, _memory.Text("x"u8), _memory.Map(bytes), 32));
    }

    [Fact]
    public void An_IPv4_address_is_taken_apart()
    {
        var bytes = Addresses.IPv4(0x01020304, 8080);
        Assert.Equal(Errno.None, Decode("connect", 5, _memory.Map(bytes), 16));
        var address = Assert.Single(_request.Addresses);
        Assert.Equal((5, 2, 0x01020304ul, (ushort)8080), (_request.SocketFd, address.Family, address.LowBits, address.Port));
    }

    [Fact]
    public void An_IPv6_address_is_taken_apart()
    {
        Assert.Equal(Errno.None, Decode("bind", 5, _memory.Map(Addresses.IPv6(0xFE80ul << 48, 1, 53, 2)), 28));
        var address = Assert.Single(_request.Addresses);
        Assert.Equal((10, 0xFE80ul << 48, 1ul, (ushort)53, 2u), (address.Family, address.HighBits, address.LowBits, address.Port, address.ScopeId));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(129)]
    public void A_length_that_no_address_has_is_EINVAL(int length)
        => Assert.Equal(Errno.EINVAL, Decode("connect", 5, _memory.Map(new byte[200]), unchecked((ulong)length)));

    [Fact]
    public void An_address_of_length_zero_is_not_read()
    {
        Assert.Equal(Errno.None, Decode("connect", 5, 0xBAD, 0));
        Assert.Equal(-1, Assert.Single(_request.Addresses).Family);
    }

    [Fact]
    public void An_address_that_is_not_mapped_to_its_end_is_EFAULT()
        => Assert.Equal(Errno.EFAULT, Decode("connect", 5, _memory.Map(new byte[8]), 16));

    [Fact]
    public void Sendto_without_an_address_does_not_look_at_its_length()
    {
        Assert.Equal(Errno.None, Decode("sendto", 5, 0, 0, 0, 0, 4000));
        Assert.Empty(_request.Addresses);
    }

    [Fact]
    public void A_unix_path_ends_at_its_first_NUL_or_at_its_length()
    {
        Assert.Equal("/a"u8, RequestDecoder.ParseAddress(Addresses.Unix("/a\0b"u8)).UnixPath.Span);
        Assert.Equal(108, RequestDecoder.ParseAddress(Addresses.Unix(Enumerable.Repeat((byte)'x', 108).ToArray())).UnixPath.Length);
    }

    [Fact]
    public void An_abstract_name_keeps_its_NULs()
    {
        var address = RequestDecoder.ParseAddress(Addresses.Unix("\0a\0b"u8));
        Assert.True(address.IsAbstract);
        Assert.Equal("\0a\0b"u8, address.UnixPath.Span);
    }

    [Fact]
    public void A_message_without_a_name_has_no_address()
    {
        Assert.Equal(Errno.None, Decode("sendmsg", 5, _memory.Map(_memory.Header(0, 16)), 0));
        Assert.Empty(_request.Addresses);
    }

    [Fact]
    public void A_negative_name_length_is_EINVAL_and_a_huge_one_is_cut()
    {
        var name = _memory.Map(new byte[200]);
        Assert.Equal(Errno.EINVAL, Decode("sendmsg", 5, _memory.Map(_memory.Header(name, -1)), 0));
        Assert.Equal(Errno.None, Decode("sendmsg", 5, _memory.Map(_memory.Header(name, 4096)), 0));
        Assert.Equal(128, Assert.Single(_request.Addresses).Length);
    }

    [Fact]
    public void At_most_1024_messages_of_sendmmsg_are_read()
    {
        var array = new byte[64 * 1100];
        var header = _memory.Header(_memory.Map(Addresses.IPv4(1, 1)), 16);
        for (var i = 0; i < 1100; i++)
        {
            header.CopyTo(array, i * 64);
        }

        Assert.Equal(Errno.None, Decode("sendmmsg", 5, _memory.Map(array), 1100, 0));
        Assert.Equal(1024, _request.Addresses.Count);
        Assert.Equal(5, _request.SocketFd);
    }

    [Fact]
    public void A_message_of_sendmmsg_that_cannot_be_read_fails_the_call()
        => Assert.Equal(Errno.EFAULT, Decode("sendmmsg", 5, _memory.Map(new byte[64]), 2, 0));

    [Fact]
    public void Addresses_of_one_sendmmsg_do_not_overwrite_each_other()
    {
        var array = new byte[64 * 100];
        for (var i = 0; i < 100; i++)
        {
            _memory.Header(_memory.Map(Addresses.Unix([(byte)'/', (byte)(i + 1)])), 4).CopyTo(array, i * 64);
        }

        Assert.Equal(Errno.None, Decode("sendmmsg", 5, _memory.Map(array), 100, 0));
        Assert.Equal(Enumerable.Range(1, 100), _request.Addresses.Select(static a => (int)a.UnixPath.Span[1]));
    }

    [Fact]
    public void Random_registers_and_bytes_never_throw_and_never_leave_a_third_operand()
    {
        var rows = LinuxX64.Table.Rows;
        var word = Gen.OneOf(Gen.ULong, Gen.Const(0ul), Gen.Const(AtFdCwd), Gen.ULong[0x10000, 0x10400], Gen.ULong[0, 200], Gen.Const(ulong.MaxValue));
        Gen.Select(Gen.Int[0, rows.Length - 1], word.Array[6], Gen.Byte.Array[0, 300]).Sample(
            (row, registers, bytes) =>
            {
                var memory = new ScriptedMemory();
                memory.Map(bytes);
                var args = default(SyscallArgs);
                registers.CopyTo(args);
                var request = new SyscallRequest();
                var errno = RequestDecoder.Decode(rows[row], args, memory, request);
                return errno.Value is >= 0 and < 4096 && request.OperandCount is >= 0 and <= 2 && request.Addresses.Count <= 1024;
            },
            iter: 20_000);
    }

    [Fact]
    public void Every_row_that_is_judged_can_be_decoded()
    {
        foreach (var row in LinuxX64.Table.Rows.Where(static r => r.Disposition == Disposition.Judge && r.Shape != RequestShape.None))
        {
            var text = _memory.Text("name"u8);
            var args = default(SyscallArgs);
            for (var i = 0; i < row.Args.Length; i++)
            {
                args[i] = row.Args[i] switch
                {
                    >= ArgKind.PathRead and <= ArgKind.Text => text,
                    ArgKind.OpenHow => How(0),
                    ArgKind.Size => 24,
                    ArgKind.Sockaddr => _memory.Map(Addresses.IPv4(1, 1)),
                    ArgKind.SockaddrLength => 16,
                    ArgKind.MsgHdr => _memory.Map(new byte[56]),
                    ArgKind.MMsgHdr => _memory.Map(new byte[64]),
                    _ => 1,
                };
            }

            Assert.True(RequestDecoder.Decode(row, args, _memory, _request).IsSuccess, row.Name);
        }
    }
}
