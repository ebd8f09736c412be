using Catbox.Runtime.Actors;
using Xunit;

namespace Catbox.Runtime.Specs.Actors;

public sealed class CpuAccountsTests
{
    private readonly CpuAccounts _accounts = new();

    [Fact]
    public void A_parent_is_told_without_the_children_that_it_waited_for()
    {
        Open(1, 2, 3);

        Assert.Equal(5, Close(3, parent: 2, seconds: 5));
        Assert.Equal(2, Close(2, parent: 1, seconds: 7));
        Assert.Equal(1, Close(1, parent: 0, seconds: 8));
    }

    [Fact]
    public void A_child_that_outlives_its_parent_changes_nothing()
    {
        Open(1, 2);

        Assert.Equal(4, Close(1, parent: 0, seconds: 4));
        Assert.Equal(5, Close(2, parent: 1, seconds: 5));
    }

    [Fact]
    public void Nobody_is_told_less_than_nothing()
    {
        Open(1, 2);

        Close(2, parent: 1, seconds: 5);
        Assert.Equal(0, Close(1, parent: 0, seconds: 3));
    }

    private void Open(params long[] generations)
    {
        foreach (var generation in generations)
        {
            _accounts.Open(generation);
        }
    }

    private double Close(long generation, long parent, int seconds) => _accounts.Close(new ProcessRecord(
        (int)generation, generation, (int)parent, parent, "/bin/x", [], default, null, null, TimeSpan.FromSeconds(seconds), TimeSpan.Zero, 0, 1))
        .UserTime.TotalSeconds;
}
