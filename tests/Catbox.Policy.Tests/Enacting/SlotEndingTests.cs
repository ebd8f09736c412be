using Catbox.Policy.Enacting;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

/// <summary>What becomes of the result of a call that was made in a slot.</summary>
public sealed class SlotEndingTests
{
    private const long EACCES = -13, ENOENT = -2, ENOTDIR = -20, ELOOP = -40, EXDEV = -18, ERESTARTSYS = -512;

    private static readonly SlotEnding s_open = new() { Opens = true, Finds = true };

    [Theory]
    [InlineData(ELOOP)]
    [InlineData(ENOENT)]
    [InlineData(ENOTDIR)]
    public void What_was_exchanged_is_judged_again(long error) => Assert.Equal(SlotOutcome.Retry, s_open.After(error, 0));

    [Theory]
    [InlineData(ELOOP)]
    [InlineData(ENOENT)]
    [InlineData(ENOTDIR)]
    public void But_not_for_ever(long error)
    {
        Assert.Equal(SlotOutcome.Retry, s_open.After(error, SlotEnding.MaxRetries - 1));
        Assert.Equal(SlotOutcome.Keep, s_open.After(error, SlotEnding.MaxRetries));
    }

    [Fact]
    public void Errors_that_the_judge_foresaw_stand()
    {
        Assert.Equal(SlotOutcome.Keep, (s_open with { EndsInLink = true }).After(ELOOP, 0));
        Assert.Equal(SlotOutcome.Keep, (s_open with { Finds = false }).After(ENOENT, 0));
        Assert.Equal(SlotOutcome.Keep, (s_open with { WantsDirectory = true }).After(ENOTDIR, 0));
    }

    [Theory]
    [InlineData(EACCES)]
    [InlineData(ERESTARTSYS)]
    [InlineData(0)]
    [InlineData(7)]
    public void Other_results_are_the_guests(long result) => Assert.Equal(SlotOutcome.Keep, s_open.After(result, 0));

    [Theory]
    [InlineData(ELOOP)]
    [InlineData(ENOENT)]
    public void Only_opens_are_made_again(long error) => Assert.Equal(SlotOutcome.Keep, default(SlotEnding).After(error, 0));

    [Fact]
    public void A_descriptor_without_a_name_is_looked_at()
    {
        var ending = new SlotEnding { IsNameless = true };
        Assert.Equal(SlotOutcome.CheckDescriptor, ending.After(3, 0));
        Assert.Equal(SlotOutcome.Keep, ending.After(EACCES, 0));
    }

    [Fact]
    public void Where_the_canonical_path_may_not_be_searched_the_other_way_is_taken_once()
    {
        var ending = s_open with { HasAlternative = true };
        Assert.Equal(SlotOutcome.Alternative, ending.After(EACCES, 0));
        Assert.Equal(SlotOutcome.Retry, ending.After(ENOENT, 0));
        Assert.Equal(SlotOutcome.Alternative, (ending with { IsDescriptor = true }).After(ENOENT, 0));
        Assert.Equal(SlotOutcome.Keep, (ending with { IsAlternative = true }).After(EACCES, 0));
    }

    [Theory]
    [InlineData(ELOOP)]
    [InlineData(EXDEV)]
    [InlineData(ENOENT)]
    [InlineData(ENOTDIR)]
    public void The_other_way_has_no_link_and_no_dots_unless_it_was_exchanged(long error) =>
        Assert.Equal(SlotOutcome.Retry, (s_open with { IsAlternative = true }).After(error, 0));

    [Theory]
    [InlineData(ELOOP)]
    [InlineData(EXDEV)]
    [InlineData(ENOENT)]
    public void What_a_descriptors_link_answers_stands(long error) =>
        Assert.Equal(SlotOutcome.Keep, (s_open with { HasAlternative = true, IsAlternative = true, IsDescriptor = true }).After(error, 0));

    [Fact]
    public void A_canonical_path_meets_no_boundary_of_its_own() => Assert.Equal(SlotOutcome.Keep, s_open.After(EXDEV, 0));
}
