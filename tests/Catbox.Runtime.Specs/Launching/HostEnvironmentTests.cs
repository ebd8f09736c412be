using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Runtime.Specs.Launching;

/// <summary>Who has changed a variable: the C library's environment, what execve brought, and .NET's copy, put together.</summary>
public sealed class HostEnvironmentTests
{
    private static readonly GuestString Latin1 = new([.. "L="u8, 0xe4]);

    [Fact]
    public void What_nobody_has_changed_is_kept_byte_for_byte_and_in_order() =>
        Assert.Equal(["B=1", Latin1, "A=", "E=a=b"], Merge(["B=1", Latin1, "A=", "E=a=b"], ["B=1", Latin1, "A=", "E=a=b"], ("A", ""), ("B", "1"), ("E", "a=b"), ("L", "\uFFFD")));

    [Fact]
    public void Entries_that_are_no_variable_are_kept() =>
        Assert.Equal(["none", "=x", "", "==", "A=1"], Merge(["none", "=x", "", "==", "A=1"], ["none", "=x", "", "==", "A=1"], ("A", "1")));

    [Fact]
    public void A_repeated_name_stays_repeated_whichever_of_them_dotnet_knows()
    {
        Assert.Equal(["A=1", "A=2"], Merge(["A=1", "A=2"], ["A=1", "A=2"], ("A", "1")));
        Assert.Equal(["A=1", "A=2"], Merge(["A=1", "A=2"], ["A=1", "A=2"], ("A", "2")));
    }

    [Fact]
    public void What_dotnet_has_set_replaces_all_of_that_name() =>
        Assert.Equal(["B=1", "A=new"], Merge(["A=1", "B=1", "A=2"], ["A=1", "B=1", "A=2"], ("A", "new"), ("B", "1")));

    [Fact]
    public void What_dotnet_has_added_comes_last() => Assert.Equal(["A=1", "N=ä"], Merge(["A=1"], ["A=1"], ("N", "ä"), ("A", "1")));

    [Fact]
    public void What_dotnet_has_taken_away_is_gone() => Assert.Equal(["A=1"], Merge(["A=1", "B=1", "B=2"], ["A=1", "B=1", "B=2"], ("A", "1")));

    [Fact]
    public void What_setenv_has_changed_counts_although_dotnet_still_has_the_old_value() =>
        Assert.Equal(["A=new"], Merge(["A=new"], ["A=old"], ("A", "old")));

    [Fact]
    public void What_setenv_has_added_counts_although_dotnet_never_saw_it() => Assert.Equal(["A=1"], Merge(["A=1"], []));

    [Fact]
    public void What_unsetenv_has_taken_away_is_gone_although_dotnet_still_has_it() => Assert.Empty(Merge([], ["A=1"], ("A", "1")));

    [Fact]
    public void What_dotnet_has_set_counts_more_than_what_setenv_has() => Assert.Equal(["A=managed"], Merge(["A=native"], ["A=old"], ("A", "managed")));

    [Fact]
    public void An_entry_behind_an_empty_one_is_kept_since_dotnet_may_never_have_seen_it() =>
        Assert.Equal(["A=1", "", "B=1"], Merge(["A=1", "", "B=1"], ["A=1", "", "B=1"], ("A", "1")));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_no_change_however_many_replacements_dotnet_put() =>
        Assert.Equal([new GuestString([.. "S="u8, 0xed, 0xa0, 0x80])], Merge([new([.. "S="u8, 0xed, 0xa0, 0x80])], [], ("S", "\uFFFD\uFFFD")));

    [Fact]
    public void A_value_that_is_set_in_place_of_one_that_is_not_UTF8_is_a_change() => Assert.Equal(["L="], Merge([Latin1], [Latin1], ("L", "")));

    private static GuestString[] Merge(GuestString[] current, GuestString[] initial, params (string Name, string Value)[] managed) =>
        [.. HostEnvironment.Merge(current, initial, managed.Select(static variable => KeyValuePair.Create(variable.Name, variable.Value)))];
}
