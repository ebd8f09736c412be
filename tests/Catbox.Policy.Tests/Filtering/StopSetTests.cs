using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

public sealed class StopSetTests
{
    private static readonly SyscallTable Table = LinuxX64.Table;

    [Fact]
    public void Sets_are_compared_by_what_they_have()
    {
        var one = Calls("getuid", "file_setattr", "read");
        var other = Calls("read").Union(Calls("file_setattr", "getuid")).Union(Calls("read"));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("here", new Dictionary<StopSet, string> { [one] = "here" }[other]);
        Assert.NotEqual(one, Calls("getuid", "read"));
        Assert.NotEqual(one, one.Union(StopSet.Of(FilterNeeds.Reads)));
        Assert.Equal(StopSet.Of(FilterNeeds.Reads | FilterNeeds.Writes), StopSet.Of(FilterNeeds.Reads).Union(StopSet.Of(FilterNeeds.Writes)));
        Assert.Equal(StopSet.Empty, Calls());
        Assert.False(one.Equals((object?)null));
    }

    [Fact]
    public void A_union_has_what_either_has_and_nothing_else() =>
        Gen.Select(Sets, Sets, Sets).Sample((a, b, c) =>
        {
            var union = a.Union(b);
            Assert.Equal(a.Needs | b.Needs, union.Needs);
            for (var number = -1; number <= Table.HighestNumber + 100; number++)
            {
                Assert.Equal(number >= 0 && (a.HasWhole(number) || b.HasWhole(number)), number >= 0 && union.HasWhole(number));
            }

            Assert.Equal(union, b.Union(a));
            Assert.Equal(union.Union(c), a.Union(b.Union(c)));
            Assert.Equal(a, a.Union(a));
            Assert.Equal(a, a.Union(StopSet.Empty));
            Assert.True(union.Includes(a) && union.Includes(b));
            Assert.Equal(a.Equals(union), a.Includes(b));
        }, iter: 200);

    [Theory]
    [InlineData("exit")]
    [InlineData("exit_group")]
    public void A_call_that_must_not_stop_is_in_no_set(string name) =>
        Assert.Contains("must never stop", Assert.Throws<ArgumentException>(() => Calls("read", name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_policys_set_is_told_as_its_needs_always_were()
    {
        var needs = FilterNeeds.Writes | FilterNeeds.Reads;

        Assert.Equal(needs.ToString(), StopSet.Of(needs).ToString());
        Assert.Equal($"{needs} and 2 calls", StopSet.Of(needs).Union(Calls("getuid", "getgid")).ToString());
    }

    private static StopSet Calls(params string[] names) => StopSet.OfCalls(names.Select(Table.Named));

    internal static Gen<StopSet> Sets { get; } =
        Gen.Select(Gen.Int[0, 0x7ff], Gen.Int[0, 4], Gen.Bool.Array[Table.Rows.Length], (needs, density, has) =>
            StopSet.Of((FilterNeeds)needs).Union(StopSet.OfCalls(Table.Rows.Where((row, i) => has[i] && i % 5 < density && !row.MustNotStop))));
}
