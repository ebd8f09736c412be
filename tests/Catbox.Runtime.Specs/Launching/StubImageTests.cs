using System.Buffers.Binary;
using System.Text;
using Catbox.Policy;
using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Runtime.Specs.Launching;

/// <summary>The stub as a file: its ELF header, and the list of calls in its data.</summary>
public sealed class StubImageTests
{
    private const int CodeOffset = 0x1000;
    private const int DataOffset = 0x2000;
    private const ulong DataAddress = StubImage.StepsAddress;

    [Fact]
    public void It_is_a_static_x86_64_program()
    {
        var image = StubImage.Build([]);

        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1], image[..7]);
        Assert.Equal(
            (2, 62, 64UL, 64, 56, 2),
            (Half(image, 16), Half(image, 18), Word(image, 32), Half(image, 52), Half(image, 54), Half(image, 56)));
    }

    [Fact]
    public void Its_code_can_be_executed_and_not_written_and_begins_at_its_entry()
    {
        var image = StubImage.Build([]);
        var code = image.AsSpan(64, 56).ToArray();

        Assert.Equal((1u, 5u), (Int(code, 0), Int(code, 4)));
        Assert.Equal(((ulong)CodeOffset, Word(image, 24)), (Word(code, 8), Word(code, 16)));
    }

    [Fact]
    public void Its_data_can_be_written_and_not_executed_and_is_all_that_follows()
    {
        var image = StubImage.Build([new LaunchStep("getpid", 39, [])]);
        var data = image.AsSpan(64 + 56, 56).ToArray();

        Assert.Equal((1u, 6u), (Int(data, 0), Int(data, 4)));
        Assert.Equal(((ulong)DataOffset, DataAddress, (ulong)(image.Length - DataOffset)), (Word(data, 8), Word(data, 16), Word(data, 32)));
    }

    [Fact]
    public void Offsets_and_addresses_of_a_segment_agree_in_their_page()
    {
        var image = StubImage.Build([]);

        Assert.All([64, 64 + 56], at => Assert.Equal(Word(image, at + 8) % 0x1000, Word(image, at + 16) % 0x1000));
    }

    [Fact]
    public void A_step_is_its_number_its_arguments_and_the_error_that_it_may_have()
    {
        var image = StubImage.Build([new LaunchStep("prctl", 157, [38, 1, -1], new Errno(8))]);

        Assert.Equal([157, 38, 1, ulong.MaxValue, 0, 0, 0, 8], Enumerable.Range(0, 8).Select(i => Word(image, DataOffset + (8 * i))));
    }

    [Fact]
    public void Past_the_last_step_is_a_call_that_does_not_exist()
    {
        var image = StubImage.Build([new LaunchStep("getpid", 39, [])]);

        Assert.Equal(ulong.MaxValue, Word(image, DataOffset + 64));
    }

    [Fact]
    public void A_string_travels_in_the_data_and_its_address_is_the_argument()
    {
        var image = StubImage.Build([new LaunchStep("chdir", 80, [LaunchArgument.String("/work")])]);

        Assert.Equal("/work", Text(image, Word(image, DataOffset + 8)));
    }

    [Fact]
    public void Strings_are_an_array_of_pointers_that_ends_in_NULL()
    {
        var image = StubImage.Build([new LaunchStep("execve", 59, [LaunchArgument.String("/bin/sh"), new LaunchArgument.Strings(["sh", "-c", ""])])]);
        var array = Offset(Word(image, DataOffset + 16));

        Assert.Equal(["sh", "-c", ""], Enumerable.Range(0, 3).Select(i => Text(image, Word(image, array + (8 * i)))));
        Assert.Equal(0ul, Word(image, array + 24));
    }

    [Fact]
    public void An_empty_array_is_a_NULL()
    {
        var image = StubImage.Build([new LaunchStep("execve", 59, [0, new LaunchArgument.Strings([])])]);

        Assert.Equal(0ul, Word(image, Offset(Word(image, DataOffset + 16))));
    }

    [Fact]
    public void A_filter_is_a_sock_fprog_of_so_many_instructions()
    {
        byte[] instructions = [6, 0, 0, 0, 0, 0, 0xff, 0x7f, 6, 0, 0, 0, 0, 0, 0, 0x80];
        var image = StubImage.Build([new LaunchStep("seccomp", 317, [1, 0, new LaunchArgument.Filter([.. instructions])])]);
        var program = Offset(Word(image, DataOffset + 24));

        Assert.Equal(2, Half(image, program));
        Assert.Equal(instructions, image.AsSpan(Offset(Word(image, program + 8)), instructions.Length).ToArray());
    }

    [Fact]
    public void Everything_that_is_pointed_to_lies_on_a_word()
    {
        var image = StubImage.Build([new LaunchStep("x", 1, [LaunchArgument.String("a"), LaunchArgument.String("bc"), new LaunchArgument.Strings(["d"])])]);

        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(0ul, Word(image, DataOffset + (8 * i)) % 8));
    }

    private static int Offset(ulong address) => (int)(address - DataAddress) + DataOffset;

    private static string Text(byte[] image, ulong address)
    {
        var from = image.AsSpan(Offset(address));
        return Encoding.UTF8.GetString(from[..from.IndexOf((byte)0)]);
    }

    private static int Half(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Int(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
