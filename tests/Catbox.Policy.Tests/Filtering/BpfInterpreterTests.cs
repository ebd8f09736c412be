using Xunit;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>The judge of the compiler has to be able to say no.</summary>
public sealed class BpfInterpreterTests
{
    [Theory]
    [InlineData(0x20, 0, 0, 64u)]
    [InlineData(0x20, 0, 0, 2u)]
    [InlineData(0x05, 0, 0, 1u)]
    [InlineData(0x05, 0, 0, 0xffffffffu)]
    [InlineData(0x15, 1, 0, 0u)]
    [InlineData(0x15, 0, 1, 0u)]
    [InlineData(0x28, 0, 0, 0u)]
    [InlineData(0x30, 0, 0, 0u)]
    public void An_instruction_that_the_kernel_refuses_is_refused(byte code, byte jt, byte jf, uint k) =>
        Assert.NotNull(new BpfInterpreter([code, 0, jt, jf, .. BitConverter.GetBytes(k), 0x06, 0, 0, 0, 0, 0, 0, 0]).WhyRefused());

    [Fact]
    public void A_program_that_runs_off_its_end_is_refused() =>
        Assert.NotNull(new BpfInterpreter([0x20, 0, 0, 0, 0, 0, 0, 0]).WhyRefused());

    [Fact]
    public void A_load_of_an_argument_keeps_a_number_out_of_the_bitmap()
    {
        byte[] allow = [0x06, 0, 0, 0, 0, 0, 0xff, 0x7f];

        Assert.True(new BpfInterpreter([0x20, 0, 0, 0, 0, 0, 0, 0, .. allow]).IsAllowedByNumberAlone(1, FilterOracle.X64));
        Assert.False(new BpfInterpreter([0x20, 0, 0, 0, 16, 0, 0, 0, .. allow]).IsAllowedByNumberAlone(1, FilterOracle.X64));
    }
}
