using Catbox.Host.Parsing;

namespace Catbox.Host.Tests.Parsing;

public sealed class ArgumentScannerTests
{
    private static ScannedArguments Scan(params string[] args) => ArgumentScanner.Scan(CommandLine.CreateRoot(new Cli().Context), args);

    private static string[] Rest(params string[] args) => [.. Scan(args).Rest.Select(i => args[i])];

    [Fact]
    public void The_first_operand_ends_our_options() => Assert.Equal(["ls", "-n", "--path"], Rest("run", "-q", "ls", "-n", "--path"));

    [Fact]
    public void Two_dashes_end_our_options() => Assert.Equal(["-weird", "--", "x"], Rest("run", "-p", "a", "--", "-weird", "--", "x"));

    [Fact]
    public void The_value_of_an_option_is_not_the_command() => Assert.Equal(["make"], Rest("run", "-p", "dir", "--timeout", "5s", "make"));

    [Fact]
    public void A_value_may_look_like_an_option() => Assert.Contains("--env=--path", Scan("run", "--env", "--path", "true").Tokens);

    [Theory]
    [InlineData("-p", "dir")]
    [InlineData("-pdir")]
    [InlineData("-p=dir")]
    [InlineData("--path", "dir")]
    [InlineData("--path=dir")]
    [InlineData("-np", "dir")]
    [InlineData("-nqpdir")]
    public void Every_spelling_of_an_option_is_the_same_token(params string[] option) =>
        Assert.Contains("--path=dir", Scan(["run", .. option, "true"]).Tokens);

    [Fact]
    public void A_bundle_holds_each_of_its_options() => Assert.Equal(["run", "--network", "--quiet", "--verbose"], Scan("run", "-nqv", "true").Tokens);

    [Fact]
    public void A_value_keeps_its_own_equals_signs() => Assert.Contains("--env=A=b=c", Scan("run", "--env=A=b=c", "true").Tokens);

    [Theory]
    [InlineData("path", 1, 0, "-p", "dir")]
    [InlineData("path", 0, 2, "-pdir")]
    [InlineData("path", 0, 3, "-p=dir")]
    [InlineData("path", 1, 0, "-np", "dir")]
    [InlineData("path", 0, 4, "-nqpdir")]
    [InlineData("env", 1, 0, "--env", "A=1")]
    [InlineData("env", 0, 6, "--env=A=1")]
    public void Where_a_value_stands_is_known(string name, int index, int offset, params string[] option) =>
        Assert.Equal([new OptionValue("--" + name, 1 + index, offset)], Scan(["run", .. option, "true"]).Values);

    [Fact]
    public void A_single_dash_is_an_operand() => Assert.Equal(["-", "x"], Rest("run", "-", "x"));

    [Fact]
    public void Options_of_canonical_may_stand_between_its_paths() => Assert.Equal(["a", "b", "-c"], Rest("canonical", "a", "--no-follow", "b", "--", "-c"));

    [Theory]
    [InlineData("unknown option --nonsense", "run", "--nonsense", "true")]
    [InlineData("unknown option -z", "run", "-qz", "true")]
    [InlineData("unknown option --time; --timeout is meant?", "run", "--time", "5s")]
    [InlineData("-p needs a value", "run", "-p")]
    [InlineData("--path needs a value that is not empty", "run", "--path=", "true")]
    [InlineData("-p needs a value that is not empty", "run", "-p", "", "true")]
    [InlineData("--network takes no value", "run", "--network=yes", "true")]
    [InlineData("`catbox doctor` takes no operand: now", "doctor", "now")]
    [InlineData("there is no command 'make'; to confine a program: `catbox run -- make ...`", "make", "-j4")]
    [InlineData("a command comes first, as in `catbox run -p ...`; `catbox --help` lists them", "-p", ".", "make")]
    public void What_is_wrong_is_said(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Scan(args)).Message);
}
