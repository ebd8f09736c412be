using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>Programs of sets that have more than a policy's needs, and programs that are laid over others.</summary>
public sealed class WiderFilterTests
{
    private static readonly SyscallTable Table = LinuxX64.Table;
    private static readonly StopSet All = StopSet.Of((FilterNeeds)0x7ff);
    private static readonly StopSet Policy = StopSet.Of(FilterNeeds.Writes | FilterNeeds.Processes | FilterNeeds.Refusals | FilterNeeds.Affinity);

    [Fact]
    public void Every_use_of_exactly_the_calls_in_a_set_stops_unless_the_filter_answers_it_alone() =>
        StopSetTests.Sets.Sample(stops =>
        {
            var filter = new BpfInterpreter(FilterCompiler.Compile(Table, stops).ToBytes());
            Assert.Null(filter.WhyRefused());
            ForEachCall((number, row, args) => Expect(OfSet(row, stops, args), filter.Run(number, FilterOracle.X64, args).Answer, row, stops));
            foreach (var row in Table.Rows.Where(r => !FilterInputs.Calls.Contains(r.Name)))
            {
                Assert.Equal(OfSet(row, stops, new ulong[6]) == FilterOracle.Allow, filter.IsAllowedByNumberAlone(row.Number, FilterOracle.X64));
            }
        }, iter: 40);

    [Theory]
    [InlineData("getuid")]
    [InlineData("read")]
    [InlineData("mmap")]
    [InlineData("clone")]
    [InlineData("stat")]
    public void A_call_that_passes_stops_where_somebody_wants_to_see_it(string name)
    {
        var row = Table.Named(name);
        ulong[] args = [17, 0, 0, 0, 0, 0];

        Assert.Equal(FilterOracle.Allow, Run(FilterCompiler.Compile(Table, Policy), row, args));
        Assert.Equal(FilterOracle.Trace, Run(FilterCompiler.Compile(Table, Policy.Union(StopSet.OfCalls(row))), row, args));
    }

    [Fact]
    public void Calls_on_the_callers_identity_stop_where_the_policy_needs_them()
    {
        var filter = FilterCompiler.Compile(Table, Policy.Union(StopSet.Of(FilterNeeds.Identity)));

        foreach (var name in new[] { "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "setuid" })
        {
            Assert.Equal(FilterOracle.Trace, Run(filter, Table.Named(name), new ulong[6]));
        }

        Assert.Equal(FilterOracle.Allow, Run(filter, Table.Named("getpid"), new ulong[6]));
    }

    [Fact]
    public void Two_filters_together_stop_what_the_larger_set_has() =>
        Gen.Select(PolicySets, StopSetTests.Sets).Sample((before, more) =>
        {
            var after = before.Union(more);
            var first = new BpfInterpreter(FilterCompiler.Compile(Table, before).ToBytes());
            var together = new BpfInterpreter(FilterCompiler.Compile(Table, after).ToBytes());
            if (FilterCompiler.CompileAddition(Table, before, after) is not { } program)
            {
                ForEachCall((number, row, args) => Expect(together.Run(number, FilterOracle.X64, args).Answer, first.Run(number, FilterOracle.X64, args).Answer, row, after));
                return;
            }

            var addition = new BpfInterpreter(program.ToBytes());
            Assert.Null(addition.WhyRefused());
            ForEachCall((number, row, args) =>
            {
                var alone = first.Run(number, FilterOracle.X64, args).Answer;
                var stacked = BpfInterpreter.Strictest(addition.Run(number, FilterOracle.X64, args).Answer, alone);
                Expect(together.Run(number, FilterOracle.X64, args).Answer, stacked, row, after);
                Assert.Equal(stacked, BpfInterpreter.Strictest(stacked, alone));
            });
            foreach (var number in new[] { -1, 0, 2, 59, 317, 0x40000000, int.MinValue })
            {
                Assert.Equal(
                    FilterOracle.KillProcess,
                    BpfInterpreter.Strictest(addition.Run(number, FilterOracle.I386, new ulong[6]).Answer, first.Run(number, FilterOracle.I386, new ulong[6]).Answer));
            }
        }, iter: 40);

    [Fact]
    public void Several_filters_one_over_the_other_are_as_good_as_one() =>
        Gen.Select(PolicySets, StopSetTests.Sets, StopSetTests.Sets).Sample((a, b, c) =>
        {
            var (ab, abc) = (a.Union(b), a.Union(b).Union(c));
            FilterProgram?[] layers = [FilterCompiler.Compile(Table, a), FilterCompiler.CompileAddition(Table, a, ab), FilterCompiler.CompileAddition(Table, ab, abc)];
            var filters = layers.OfType<FilterProgram>().Select(p => new BpfInterpreter(p.ToBytes())).ToArray();
            var one = new BpfInterpreter(FilterCompiler.Compile(Table, abc).ToBytes());
            foreach (var row in Table.Rows)
            {
                var answers = Array.ConvertAll(filters, f => f.Run(row.Number, FilterOracle.X64, [1, 1, 1, 1, 1, 1]).Answer);
                Expect(one.Run(row.Number, FilterOracle.X64, [1, 1, 1, 1, 1, 1]).Answer, answers.Aggregate(BpfInterpreter.Strictest), row, abc);
            }
        }, iter: 40);

    [Fact]
    public void An_addition_says_nothing_of_the_rest_and_keeps_it_in_the_bitmap()
    {
        var addition = new BpfInterpreter(FilterCompiler.CompileAddition(Table, Policy, Policy.Union(StopSet.OfCalls(Table.Named("openat"), Table.Named("getuid"))))!.ToBytes());

        Assert.InRange(addition.Length, 1, 12);
        foreach (var row in Table.Rows.Where(r => r.Name is not ("openat" or "getuid")))
        {
            Assert.True(addition.IsAllowedByNumberAlone(row.Number, FilterOracle.X64), row.Name);
        }
    }

    [Theory]
    [InlineData("mkdir")]
    [InlineData("ptrace")]
    [InlineData("io_uring_setup")]
    public void Where_nothing_stops_that_did_not_stop_before_there_is_no_addition(string name)
    {
        Assert.Null(FilterCompiler.CompileAddition(Table, Policy, Policy.Union(StopSet.OfCalls(Table.Named(name)))));
        Assert.Null(FilterCompiler.CompileAddition(Table, Policy, Policy));
    }

    [Fact]
    public void A_filter_cannot_be_taken_away()
    {
        Assert.Throws<ArgumentException>(() => FilterCompiler.CompileAddition(Table, Policy, StopSet.Empty));
        Assert.Throws<ArgumentException>(() => FilterCompiler.CompileAddition(Table, Policy.Union(StopSet.OfCalls(Table.Named("read"))), Policy));
    }

    [Fact]
    public void Refusals_that_a_filter_makes_alone_cannot_be_heard_of_later()
    {
        var deaf = StopSet.Of(FilterNeeds.Writes);

        Assert.NotNull(FilterCompiler.CompileAddition(Table, deaf, deaf.Union(StopSet.Of(FilterNeeds.Reads))));
        Assert.Throws<ArgumentException>(() => FilterCompiler.CompileAddition(Table, deaf, Policy.Union(deaf)));
    }

    [Fact]
    public void The_largest_addition_fits_into_a_page_with_its_header()
    {
        // Every other call that passes: no two of them are one interval.
        var every = Table.Rows.Where(static r => !r.MustNotStop);
        StopSet[] widest =
        [
            StopSet.OfCalls(every), StopSet.OfCalls(every.Where(static r => r.Number % 2 == 0)), StopSet.OfCalls(every.Where(static r => r.Number % 2 == 1)),
            StopSet.OfCalls(every.Where(static r => r.Number % 2 == 0)).Union(All), All,
        ];
        StopSet[] before = [StopSet.Of(FilterNeeds.Refusals), Policy];
        var sizes = before.SelectMany(_ => widest, static (set, more) => FilterCompiler.CompileAddition(Table, set, set.Union(more))!.ToBytes().Length);

        Assert.All(sizes, static size => Assert.InRange(size, 1, 4096 - 16));
    }

    /// <summary>As every policy's: refusals that are reported stop.</summary>
    private static Gen<StopSet> PolicySets { get; } = StopSetTests.Sets.Select(static set => set.Union(StopSet.Of(FilterNeeds.Refusals)));

    private static uint OfSet(SyscallRow? row, StopSet stops, ulong[] args) =>
        FilterOracle.Answer(row, stops.Needs, args) is var answer && answer == FilterOracle.Allow && row is not null && stops.HasWhole(row.Number) ? FilterOracle.Trace : answer;

    private static void ForEachCall(Action<int, SyscallRow?, ulong[]> check)
    {
        for (var number = 0; number <= Table.HighestNumber + 50; number++)
        {
            var row = Table.Find(number);
            foreach (var args in row is null ? FilterInputs.For("any") : FilterInputs.For(row.Name).Where(static (_, i) => i < 3 || i % 97 == 0))
            {
                check(number, row, args);
            }
        }
    }

    private static void Expect(uint expected, uint actual, SyscallRow? row, StopSet stops)
    {
        if (expected != actual)
        {
            Assert.Fail($"{row?.Name ?? "a number without a row"} under {stops}: 0x{actual:x}, not 0x{expected:x}");
        }
    }

    private static uint Run(FilterProgram program, SyscallRow row, ulong[] args) => new BpfInterpreter(program.ToBytes()).Run(row.Number, FilterOracle.X64, args).Answer;
}
