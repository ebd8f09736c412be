using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>Programs of sets that have more than a policy's needs.</summary>
public sealed class WiderFilterTests
{
    private static readonly SyscallTable Table = LinuxX64.Table;
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
