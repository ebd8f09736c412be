using System.Collections.Immutable;
using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

public sealed class RegisterTestsTests
{
    public static TheoryData<string> Calls => [.. FilterInputs.Calls];

    [Fact]
    public void Every_line_belongs_to_a_row_and_every_row_that_promises_a_test_has_a_line()
    {
        var named = RegisterTests.All.Select(l => l.Call).Distinct().Order().ToArray();

        Assert.Equal(named, FilterInputs.Calls.Order());
        Assert.Empty(LinuxX64.Table.Rows.Where(r => (r.Traits & SyscallTraits.RegisterTest) != 0).Select(r => r.Name).Except(named));
        Assert.Empty(named.Except(LinuxX64.Table.Rows.Select(r => r.Name)));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Any_change_of_a_line_shows(string call)
    {
        var lines = RegisterTests.All.Where(l => l.Call == call).ToImmutableArray();
        var row = SmallTable.Instance.Named(call);
        var table = new SyscallTable("x86_64", FilterOracle.X64, [row]);
        // Needs that make no difference to this call need no second look.
        var needed = FilterInputs.DecisiveNeeds.DistinctBy(n => (Listing(lines, n), Listing([Never(call)], n))).ToArray();
        string Listing(ImmutableArray<RegisterTest> with, FilterNeeds needs) => FilterDisassembler.Disassemble(FilterCompiler.Compile(table, StopSet.Of(needs), with));
        var cases = needed.SelectMany(_ => FilterInputs.For(call), (needs, args) => (Needs: needs, Args: args)).ToArray();
        var expected = Array.ConvertAll(cases, c => FilterOracle.Answer(row, c.Needs, c.Args));

        // Where the last change showed, the next one most likely does.
        var hint = 0;
        foreach (var (what, changed) in lines.SelectMany((line, i) => Changes(line).Select(c => (c.What, Lines: Replace(lines, i, c.Line)))))
        {
            var filters = needed.ToDictionary(n => n, n => new BpfInterpreter(FilterCompiler.Compile(table, StopSet.Of(n), changed).ToBytes()));
            var shown = Enumerable.Range(0, cases.Length).Select(i => (i + hint) % cases.Length)
                .Where(i => filters[cases[i].Needs].Run(row.Number, FilterOracle.X64, cases[i].Args).Answer != expected[i])
                .Select(i => (int?)i).FirstOrDefault();
            Assert.True(shown is not null, $"{call}: nobody notices {what}");
            hint = shown.Value;
        }
    }

    private static ImmutableArray<RegisterTest> Replace(ImmutableArray<RegisterTest> lines, int index, RegisterTest? line) =>
        line is null ? lines.RemoveAt(index) is { Length: > 0 } rest ? rest : [Never(lines[0].Call)] : lines.SetItem(index, line);

    /// <summary>Stands for "no line", which the compiler would not take from a row that promises one.</summary>
    private static RegisterTest Never(string call) => new(call, TestOutcome.Allow, []) { Unless = FilterNeeds.None, Only = (FilterNeeds)0x8000 };

    private static IEnumerable<(string What, RegisterTest? Line)> Changes(RegisterTest line)
    {
        yield return ($"the loss of {line}", null);
        yield return ($"another outcome of {line}", line with { Then = line.Then.Kind == TestOutcomeKind.Answer ? TestOutcome.Allow : TestOutcome.Answer(new Errno(2)) });
        if (line.Unless != FilterNeeds.None)
        {
            yield return ($"the loss of Unless in {line}", line with { Unless = FilterNeeds.None });
        }

        if (line.Only != FilterNeeds.None)
        {
            yield return ($"the loss of Only in {line}", line with { Only = FilterNeeds.None });
        }

        for (var i = 0; i < line.Tests.Length; i++)
        {
            yield return ($"the loss of test {i} of {line}", line with { Tests = line.Tests.RemoveAt(i) });
            foreach (var (what, test) in Changes(line.Tests[i]).Where(c => !MeansTheSame(line, c.Test) && !MeansTheSameOfOptions(line, c.Test)))
            {
                yield return ($"{what} in test {i} of {line}", line with { Tests = line.Tests.SetItem(i, test) });
            }
        }
    }

    /// <summary>
    /// A line that lets options of one level through and, with one bit ignored, of another of which all pass anyway; and one that leaves options of a range out, where the bit is
    /// the same in all of the range.
    /// </summary>
    private static bool MeansTheSameOfOptions(RegisterTest line, ArgTest changed)
    {
        if (line.Call != "setsockopt" || line.Then.Kind != TestOutcomeKind.Allow || changed.IsWide || changed.Mask == uint.MaxValue)
        {
            return false;
        }

        var bit = uint.MaxValue & ~changed.Mask;
        return changed switch
        {
            { Arg: 1, Negated: false, Values: [var level] } => (level ^ bit) is not (0 or 1 or 6 or 41),
            { Arg: 2, Negated: true } => line.Tests.Any(t => t is { Arg: 2, Negated: false, Values: [var range] } && (t.Mask & bit) != 0 && (range & bit) == 0),
            _ => false,
        };
    }

    /// <summary>
    /// A line that stops terminal requests (or lets TIOCSCTTY through) and, with one bit ignored, others too: those that no line tells of stop anyway, and those that an earlier line has
    /// decided do not come to it.
    /// </summary>
    private static bool MeansTheSame(RegisterTest line, ArgTest changed) =>
        line.Call == "ioctl" && changed is { Arg: 1, Negated: false, IsWide: false, Values: [>= 0x5400 and <= 0x54ff, ..] }
        && (line.Then.Kind == TestOutcomeKind.Stop || (line.Then.Kind == TestOutcomeKind.Allow && changed is { Values: [0x540E], Mask: >= 0xFFFF_FF00 }))
        && Enumerable.Range(0x5400, 0x100).Concat(Enumerable.Range(0x8900, 0x100)).Select(static r => (uint)r)
            .All(r => changed.Values.Contains(r & changed.Mask) == line.Tests[0].Values.Contains(r) || (changed.Values.Contains(r & changed.Mask) && IsDecidedBefore(r)));

    private static bool IsDecidedBefore(uint request) =>
        request != 0x540E && FilterOracle.Ioctl(request, 1) is var answer && answer != FilterOracle.Enotty && (answer != FilterOracle.Eperm || request < 0x8900);

    private static IEnumerable<(string What, ArgTest Test)> Changes(ArgTest test)
    {
        yield return ("the opposite", test with { Negated = !test.Negated });
        yield return ("another register", test with { Arg = (test.Arg + 1) % 6 });
        yield return ("another width", test with { IsWide = !test.IsWide, Mask = test.IsWide ? test.Mask : test.Mask | (ulong.MaxValue << 32) });
        foreach (var value in test.Values)
        {
            yield return ($"the loss of 0x{value:x}", test with { Values = test.Values.Length > 1 ? test.Values.Remove(value) : [value ^ 0x40] });
        }

        for (var bit = 0; bit < (test.IsWide ? 64 : 32); bit++)
        {
            // AF_INET and AF_INET6 differ in one bit: without it the test asks the same.
            if (!test.Values.All(v => test.Values.Contains(v ^ (1UL << bit))))
            {
                yield return ($"the mask with bit {bit} turned", test with { Mask = test.Mask ^ (1UL << bit) });
            }
        }
    }
}
