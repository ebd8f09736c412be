using Catbox.Host.Rendering;
using Catbox.Policy.Rules;

namespace Catbox.Host.Tests.Rendering;

public sealed class ViolationPresenterTests
{
    private readonly Cli _cli = new();

    private ViolationPresenter Presenter => field ??= new ViolationPresenter(_cli.Terminal, new SandboxPolicy());

    [Fact]
    public void A_repetition_is_told_once()
    {
        Presenter.Show(Some.Violation("/a/x"));
        Presenter.Show(Some.Violation("/a/x"));
        Assert.Single(_cli.ErrorLines);
    }

    [Fact]
    public void Another_call_on_the_same_path_is_another_line()
    {
        Presenter.Show(Some.Violation("/a/x"));
        Presenter.Show(Some.Violation("/a/x", operation: "unlink"));
        Assert.Equal(2, _cli.ErrorLines.Length);
    }

    [Fact]
    public void More_than_one_is_summed_up()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            Presenter.Show(Some.Violation($"/a/{i}"));
        }

        Presenter.ShowSum(8746);
        Assert.Equal("catbox: 8,746 violations, 3 distinct", _cli.ErrorLines[^1]);
    }

    [Fact]
    public void A_single_one_needs_no_sum()
    {
        Presenter.ShowSum(1);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public void A_guest_cannot_make_the_lines_endless()
    {
        foreach (var i in Enumerable.Range(0, 10_500))
        {
            Presenter.Show(Some.Violation($"/a/{i}"));
        }

        Assert.Equal(22, _cli.ErrorLines.Length);
    }

    [Fact]
    public void After_twenty_with_the_same_advice_the_others_are_counted()
    {
        foreach (var i in Enumerable.Range(0, 500))
        {
            Presenter.Show(Some.Violation($"/tmp/{i}"));
        }

        Presenter.Show(Some.Violation("/var/x"));
        Presenter.ShowSum(116_207);
        Assert.Equal(23, _cli.ErrorLines.Length);
        Assert.Equal("catbox: openat: more than 20 like these, allow with -p /tmp; from here on they are only counted, --report has them", _cli.ErrorLines[20]);
        Assert.EndsWith("allow with -p /var", _cli.ErrorLines[21], StringComparison.Ordinal);
        Assert.Equal("catbox: 116,207 violations, 501 distinct", _cli.ErrorLines[22]);
    }
}
