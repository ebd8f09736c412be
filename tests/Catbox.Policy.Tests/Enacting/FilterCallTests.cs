using System.Buffers.Binary;
using Catbox.Policy.Enacting;
using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

public sealed class FilterCallTests
{
    private const ulong Slot = 0x7f00_0000_0000;

    private readonly SlotCall _call = new();

    [Theory]
    [InlineData(true, 1ul)]
    [InlineData(false, 0ul)]
    public void The_kernel_finds_header_and_program_in_the_slot(bool synchronizes, ulong flags)
    {
        var program = FilterCompiler.CompileAddition(LinuxX64.Table, StopSet.Empty, StopSet.OfCalls(LinuxX64.Table.Named("getuid")))!;
        Assert.True(FilterCall.TryPlan(program, synchronizes, _call));
        _call.PlaceAt(Slot);

        Assert.Equal(LinuxX64.Table.Named("seccomp").Number, _call.Number);
        Assert.Equal((1ul, flags), (_call.Args[0], _call.Args[1]));
        var header = _call.Bytes[(int)(_call.Args[2] - Slot)..];
        Assert.Equal(program.Instructions.Length, BinaryPrimitives.ReadUInt16LittleEndian(header));
        var at = (int)(BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) - Slot);
        Assert.Equal(program.ToBytes(), _call.Bytes[at..].ToArray());
    }

    [Fact]
    public void Neither_header_nor_program_lies_in_two_pages()
    {
        foreach (var length in new[] { 1, 509, 510, 511, 512 })
        {
            Assert.True(FilterCall.TryPlan(Program(length), synchronizes: true, _call));
            _call.PlaceAt(Slot);
            var at = (int)(BinaryPrimitives.ReadUInt64LittleEndian(_call.Bytes[8..]) - Slot);
            Assert.Equal(at / 4096, (at + (length * 8) - 1) / 4096);
            Assert.Equal(at + (length * 8), _call.Bytes.Length);
        }
    }

    [Fact]
    public void A_program_that_is_longer_than_a_page_is_not_laid() => Assert.False(FilterCall.TryPlan(Program(513), synchronizes: true, _call));

    private static FilterProgram Program(int length) => new([.. Enumerable.Repeat(new SockFilter(0x06, 0, 0, 0x7fff0000), length)]);
}
