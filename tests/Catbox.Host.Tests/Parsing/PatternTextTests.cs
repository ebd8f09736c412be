using System.Text;
using Catbox.Host.Parsing;

namespace Catbox.Host.Tests.Parsing;

public sealed class PatternTextTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("catbox-test-").FullName;

    private PatternText Patterns(string? workingDirectory = null, string? home = null, Func<string, string>? canonical = null) => new(
        home ?? _directory,
        p => Encoding.UTF8.GetBytes(Path.Combine(workingDirectory ?? _directory, Encoding.UTF8.GetString(p))),
        p => Encoding.UTF8.GetBytes((canonical ?? Path.GetFullPath)(Path.GetFullPath(Encoding.UTF8.GetString(p)))));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(".", "/w/d")]
    [InlineData("..", "/w")]
    [InlineData("x/y", "/w/d/x/y")]
    [InlineData("/abs", "/abs")]
    [InlineData("*.o", "/w/d/*.o")]
    [InlineData("out/**/x", "/w/d/out/**/x")]
    [InlineData("~/any/.*", "~/any/.*")]
    [InlineData("~.*\\.o", "~.*\\.o")]
    public void A_relative_pattern_starts_at_the_working_directory(string text, string expected) =>
        Assert.Equal(expected, Patterns("/w/d").FromCommandLine("-p", Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_literal_beginning_of_a_pattern_is_made_canonical() => Assert.Equal(
        "/run/*.pid", Patterns(canonical: static p => p == "/var/run" ? "/run" : p).FromCommandLine("-p", "/var/run/*.pid"u8));

    [Fact]
    public void A_name_that_exists_is_meant_by_its_name()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "a[1]"));
        Assert.Equal(_directory + @"/a\[1\]", Patterns().FromCommandLine("-p", "a[1]"u8));
    }

    [Fact]
    public void A_working_directory_with_wildcards_in_its_name_is_taken_literally() =>
        Assert.Equal(@"/w\[1\]/*.o", Patterns("/w[1]").FromCommandLine("-p", "*.o"u8));

    [Fact]
    public void An_escaped_pattern_stays_as_it_is() => Assert.Equal(@"/w/\xff", Patterns("/w").FromCommandLine("-p", @"/w/\xff"u8));

    [Fact]
    public void Bytes_that_are_not_UTF8_become_escapes() => Assert.Equal(@"/w/\xff[ab]", PatternText.Text([.. "/w/"u8, 0xff, .. "[ab]"u8]));

    [Fact]
    public void A_path_that_is_not_UTF8_is_the_pattern_of_exactly_that_path() =>
        Assert.Equal(@"/w/\[\xe4", PatternText.Escaped([.. "/w/["u8, 0xe4]));

    [Fact]
    public void A_home_directory_that_no_shell_expanded_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, ".ssh"));
        var e = Assert.Throws<UsageException>(() => Patterns().FromCommandLine("--deny-read", "~/.ssh"u8));
        Assert.Contains(_directory + "/.ssh", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_a_policy_file_that_is_not_absolute_is_left_for_the_policy_to_refuse() => Assert.Equal("x/y", Patterns().Canonical("x/y"));
}
