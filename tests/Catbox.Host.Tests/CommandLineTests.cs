using System.Text.Json;

namespace Catbox.Host.Tests;

public sealed class CommandLineTests
{
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("run", "--nonsense", "true")]
    [InlineData("run")]
    [InlineData("nonsense")]
    [InlineData("doctor", "x")]
    public async Task A_wrong_command_line_gives_two_lines_and_125(params string[] args)
    {
        Assert.Equal(125, await _cli.InvokeAsync(args));
        Assert.Equal(2, _cli.ErrorLines.Length);
        Assert.StartsWith("catbox: ", _cli.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith("usage: catbox ", _cli.ErrorLines[1], StringComparison.Ordinal);
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public async Task A_missing_policy_file_is_named_and_gives_125()
    {
        Assert.Equal(125, await _cli.InvokeAsync("run", "--policy", "/no/such/policy.toml", "true"));
        Assert.Contains("/no/such/policy.toml", Assert.Single(_cli.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_lists_the_commands(params string[] args)
    {
        Assert.Equal(0, await _cli.InvokeAsync(args));
        Assert.Contains("canonical", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task The_version_is_told(string word)
    {
        Assert.Equal(0, await _cli.InvokeAsync(word));
        Assert.StartsWith("catbox ", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_a_command_is_not_the_guests()
    {
        Assert.Equal(0, await _cli.InvokeAsync("run", "-p", ".", "--help"));
        Assert.StartsWith("Usage: catbox run", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_speaks_JSON()
    {
        await _cli.InvokeAsync("doctor", "--json");
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(_cli.Output).RootElement.GetProperty("checks").ValueKind);
    }

    [Fact]
    public async Task Doctor_gives_tab_separated_lines_to_a_pipe()
    {
        await _cli.InvokeAsync("doctor");
        Assert.All(_cli.Output.Split('\n')[..^2], static l => Assert.Equal(4, l.Split('\t').Length));
    }
}
