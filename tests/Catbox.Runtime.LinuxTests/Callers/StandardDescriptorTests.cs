namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>A catbox that was started with some of 0–2 closed: whatever it opens itself would land there.</summary>
[Trait("Category", "Ptrace")]
public sealed class StandardDescriptorTests
{
    public static TheoryData<string, bool> Subsets()
    {
        var all = new TheoryData<string, bool>();
        foreach (var closed in (string[])["0<&-", "1>&-", "2>&-", "0<&- 1>&-", "0<&- 2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
        {
            all.Add(closed, false);
            all.Add(closed, true);
        }

        return all;
    }

    [SkippableTheory]
    [MemberData(nameof(Subsets))]
    public void What_was_closed_is_closed_inside_as_outside_and_the_exit_code_is_the_guests(string closed, bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var guest = Guests.Build("tells_open_descriptors");
        var outside = caller.Run($"$user {guest} told $in/x {closed}");
        var said = File.ReadAllText(caller.Scratch.In("told"));
        var inside = caller.Run($"$catbox run -p . -- {guest} told $out/x {closed}");
        Assert.Equal((3, 3), (outside.Code, inside.Code));
        Assert.Equal(said, File.ReadAllText(caller.Scratch.In("told")));
        Assert.Contains('-', said);
        Assert.Equal(closed.Contains('2', StringComparison.Ordinal) ? "" : "catbox: ", inside.Error[..Math.Min(8, inside.Error.Length)]);
    }

    [SkippableTheory]
    [InlineData("version")]
    [InlineData("doctor")]
    [InlineData("canonical /etc")]
    [InlineData("run --explain -p .")]
    public void A_command_without_any_of_them_ends_as_it_would_with_them(string command)
    {
        using var caller = new Caller();
        Assert.Equal(caller.Run($"$catbox {command}").Code, caller.Run($"$catbox {command} 0<&- 1>&- 2>&-").Code);
    }

    [SkippableFact]
    public void A_report_is_written_by_a_catbox_that_has_none_of_them()
    {
        using var caller = new Caller();
        Assert.Equal(0, caller.Run("$catbox run --report r.json -- true 0<&- 1>&- 2>&-").Code);
        Assert.StartsWith("{", File.ReadAllText(caller.Scratch.In("r.json")), StringComparison.Ordinal);
    }
}
