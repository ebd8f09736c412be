using Catbox.Policy.Decoding;
using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

public sealed class FilterProgramTests
{
    [Fact]
    public void Bytes_are_struct_sock_filter_in_order()
    {
        var program = new FilterProgram([new(0x20, 0, 0, 4), new(0x15, 1, 2, 0xC000003E), new(0x06, 0, 0, 0x7fff0000)]);

        Assert.Equal(
            [0x20, 0, 0, 0, 4, 0, 0, 0, 0x15, 0, 1, 2, 0x3E, 0, 0, 0xC0, 0x06, 0, 0, 0, 0, 0, 0xff, 0x7f],
            program.ToBytes());
    }

    [Fact]
    public void A_program_longer_than_BPF_MAXINSNS_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => new FilterProgram([.. Enumerable.Repeat(new SockFilter(0x06, 0, 0, 0), 4097)]));

    [Fact]
    public void A_program_answers_as_the_kernel_would_by_it()
    {
        var program = FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(FilterNeeds.Writes | FilterNeeds.Internet | FilterNeeds.CoreLimit));
        var kernel = new BpfInterpreter(program.ToBytes());
        var values = Gen.OneOf(Gen.ULong[0, 64], Gen.ULong[0x5400, 0x5500], Gen.ULong);

        Gen.Select(Gen.Int[-2, 520], Gen.Bool.Select(static native => native ? FilterOracle.X64 : FilterOracle.I386), values.Array[6]).Sample(
            (number, architecture, values) =>
            {
                var args = default(SyscallArgs);
                values.CopyTo(args);
                Assert.Equal(kernel.Run(number, architecture, values).Answer, program.AnswerTo(number, architecture, in args));
            },
            iter: 20_000);
    }

    [Fact]
    public void An_instruction_that_no_compiler_of_ours_writes_is_not_run() =>
        Assert.Throws<InvalidOperationException>(() => new FilterProgram([new(0x07, 0, 0, 0), new(0x06, 0, 0, 0)]).AnswerTo(0, 0, default));

    [Fact]
    public void An_empty_program_is_an_error() => Assert.Throws<InvalidOperationException>(() => new FilterProgram([]));

    [Fact]
    public void The_listing_names_what_is_loaded_and_answered()
    {
        var program = new FilterProgram(
        [
            new(0x20, 0, 0, 4), new(0x15, 0, 1, 0xC000003E), new(0x20, 0, 0, 28), new(0x54, 0, 0, 0xff00), new(0x45, 0, 1, 8),
            new(0x05, 0, 0, 1), new(0x06, 0, 0, 0x7ff00000), new(0x35, 0, 1, 16), new(0x06, 0, 0, 0x00050000), new(0x06, 0, 0, 0x80000000),
        ]);

        Assert.Equal(
            """
               0: ld  arch
               1: jeq 0xc000003e ? 2 : 3
               2: ld  args[1].high
               3: and 0xff00
               4: jset 8 ? 5 : 6
               5: ja  7
               6: ret TRACE
               7: jge 16 ? 8 : 9
               8: ret ERRNO 0
               9: ret KILL_PROCESS

            """,
            FilterDisassembler.Disassemble(program));
    }
}
