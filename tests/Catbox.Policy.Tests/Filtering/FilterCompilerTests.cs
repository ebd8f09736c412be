using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

public sealed class FilterCompilerTests
{
    public static TheoryData<string> Tables => ["small", "linux-x64"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_number_is_answered_as_its_row_says_for_every_set_of_needs(string name)
    {
        var table = Table(name);
        foreach (var needs in FilterInputs.Needs)
        {
            var filter = Compile(table, needs);
            for (var number = 0; number <= table.HighestNumber + 50; number++)
            {
                AssertAgree(table, needs, filter, number, FilterInputs.For("any").ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void What_registers_decide_is_decided_right_for_all_interesting_values(string name)
    {
        var table = Table(name);
        foreach (var call in FilterInputs.Calls)
        {
            var vectors = FilterInputs.For(call).ToArray();
            foreach (var needs in FilterInputs.DecisiveNeeds)
            {
                AssertAgree(table, needs, Compile(table, needs), table.Named(call).Number, vectors);
            }
        }
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0x40000000)]
    [InlineData(0x40000000 + 2)]
    [InlineData(0x40000000 + 520)]
    [InlineData(int.MaxValue)]
    public void A_number_of_another_ABI_is_answered_ENOSYS(int number)
    {
        foreach (var needs in FilterInputs.Needs)
        {
            Assert.Equal(FilterOracle.Enosys, Compile(LinuxX64.Table, needs).Run(number, FilterOracle.X64, new ulong[6]).Answer);
        }
    }

    [Theory]
    [InlineData(FilterOracle.I386)]
    [InlineData(0u)]
    [InlineData(0xC000003Fu)]
    [InlineData(0xC00000B7u)]
    public void A_foreign_architecture_kills_the_process_whatever_it_calls(uint architecture)
    {
        var filter = Compile(LinuxX64.Table, FilterNeeds.None);
        for (var number = -1; number <= 600; number++)
        {
            Assert.Equal(FilterOracle.KillProcess, filter.Run(number, architecture, new ulong[6]).Answer);
        }
    }

    [Fact]
    public void The_architecture_is_looked_at_before_anything_else()
    {
        var first = FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(FilterNeeds.Writes)).Instructions[..2];

        Assert.Equal(new SockFilter(0x20, 0, 0, 4), first[0]);
        Assert.Equal((0x15, FilterOracle.X64), (first[1].Code, first[1].K));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_kernel_would_accept_every_program(string name)
    {
        foreach (var needs in FilterInputs.Needs)
        {
            Assert.Null(Compile(Table(name), needs).WhyRefused());
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_call_that_no_register_decides_is_let_through_from_the_bitmap(string name)
    {
        var table = Table(name);
        foreach (var needs in FilterInputs.Needs)
        {
            var filter = Compile(table, needs);
            foreach (var row in table.Rows.Where(r => !FilterInputs.Calls.Contains(r.Name)))
            {
                var isAllowed = FilterOracle.Answer(row, needs, new ulong[6]) == FilterOracle.Allow;
                Assert.True(isAllowed == filter.IsAllowedByNumberAlone(row.Number, FilterOracle.X64), $"{row.Name} under {needs}");
            }
        }
    }

    [Fact]
    public void A_register_that_cannot_change_the_answer_is_not_loaded()
    {
        // Without the need that makes the row stop, both answers of "is there an address?" are ALLOW.
        var filter = Compile(SmallTable.Instance, FilterNeeds.Writes);

        Assert.True(filter.IsAllowedByNumberAlone(44, FilterOracle.X64));
        Assert.True(filter.IsAllowedByNumberAlone(54, FilterOracle.X64));
    }

    [Fact]
    public void A_program_stays_small_and_every_way_through_it_short()
    {
        var table = LinuxX64.Table;
        foreach (var needs in FilterInputs.DecisiveNeeds)
        {
            var filter = Compile(table, needs);
            Assert.InRange(filter.Length, 1, 800);
            foreach (var row in table.Rows.Where(r => r.Name != "ioctl"))
            {
                var steps = FilterInputs.For(row.Name).Max(v => filter.Run(row.Number, FilterOracle.X64, v).Steps);
                Assert.True(steps <= 40, $"{row.Name} under {needs}: {steps} instructions");
            }
        }
    }

    [Theory]
    [InlineData(0x5401u)]
    [InlineData(0x5413u)]
    [InlineData(0x541Bu)]
    public void What_every_program_asks_of_its_terminal_is_among_the_first_questions(uint request)
    {
        var steps = Compile(LinuxX64.Table, FilterNeeds.Writes).Run(16, FilterOracle.X64, [0, request, 0, 0, 0, 0]).Steps;

        Assert.InRange(steps, 1, 30);
    }

    [Fact]
    public void Any_table_is_compiled_as_its_rows_say()
    {
        var calls = FilterInputs.Calls.Append("read").ToArray();
        var row = Gen.Select(
            Gen.Int[0, calls.Length - 1].Select(i => calls[i]), Gen.Enum<Disposition>(), Gen.Int[0, 0x1ff], Gen.Int[0, 4095],
            (name, disposition, needs, error) => SmallTable.Row(0, name, disposition, (FilterNeeds)needs, error));
        var rows = row.Array[1, 500].Where(static r => r.Length > 0);
        var gap = Gen.Int[1, 3].Array[500];

        Gen.Select(rows, gap, Gen.Int[0, 0x1ff], Gen.ULong.Array[6]).Sample(
            (made, gaps, needs, args) =>
            {
                var number = 0;
                var table = new SyscallTable("x86_64", FilterOracle.X64, [.. made.Select((r, i) => r with { Number = number += gaps[i] })]);
                var filter = Compile(table, (FilterNeeds)needs);
                Assert.Null(filter.WhyRefused());
                for (number = 0; number <= table.HighestNumber + 2; number++)
                {
                    AssertAgree(table, (FilterNeeds)needs, filter, number, [args, [args[0] & 0xf, args[1] & 0x541f, args[2] & 0x43, 0, 0, 0]]);
                }
            },
            iter: 100);
    }

    [Fact]
    public void Jumps_that_reach_far_stay_right()
    {
        // 400 refusals with errors of their own: nothing merges, and most targets lie further than 255 instructions away.
        var table = new SyscallTable("x86_64", FilterOracle.X64,
        [
            .. Enumerable.Range(0, 400).Select(n => n % 7 == 3
                ? SmallTable.Row(n, "ioctl", Disposition.Pass, FilterNeeds.Writes)
                : SmallTable.Row(n, $"call{n}", Disposition.Refuse, FilterNeeds.None, n + 1)),
        ]);
        var filter = Compile(table, FilterNeeds.Writes);

        Assert.Null(filter.WhyRefused());
        for (var number = 0; number < 420; number++)
        {
            foreach (var request in new ulong[] { 0x5401, 0x5412, 0x80086601, 0x40086602, 0x8914 })
            {
                AssertAgree(table, FilterNeeds.Writes, filter, number, [[3, request, 0, 0, 0, 0]]);
            }
        }
    }

    [Fact]
    public void A_row_that_promises_a_register_test_without_one_is_an_error()
    {
        var table = new SyscallTable("x86_64", FilterOracle.X64, [SmallTable.Row(0, "read", Disposition.Pass, tested: true)]);

        var error = Assert.Throws<InvalidOperationException>(() => FilterCompiler.Compile(table, StopSet.Empty));

        Assert.Contains("read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_number_that_the_kernel_would_cut_is_an_error()
    {
        var table = new SyscallTable("x86_64", FilterOracle.X64, [SmallTable.Row(0, "read", Disposition.Refuse, FilterNeeds.None, 4096)]);

        Assert.Throws<InvalidOperationException>(() => FilterCompiler.Compile(table, StopSet.Empty));
    }

    private static SyscallTable Table(string name) => name == "small" ? SmallTable.Instance : LinuxX64.Table;

    private static BpfInterpreter Compile(SyscallTable table, FilterNeeds needs) => new(FilterCompiler.Compile(table, StopSet.Of(needs)).ToBytes());

    private static void AssertAgree(SyscallTable table, FilterNeeds needs, BpfInterpreter filter, int number, ulong[][] vectors)
    {
        var row = table.Rows.SingleOrDefault(r => r.Number == number);
        foreach (var args in vectors)
        {
            var expected = FilterOracle.Answer(row, needs, args);
            var actual = filter.Run(number, FilterOracle.X64, args).Answer;
            if (expected != actual)
            {
                Assert.Fail($"{number} ({string.Join(", ", args.Select(a => $"0x{a:x}"))}) under {needs}: 0x{actual:x}, not 0x{expected:x}");
            }
        }
    }
}
