using Catbox.Host.Rendering;
using Catbox.Policy.Enforcement;

namespace Catbox.Host.Tests.Rendering;

public sealed class RuleTableTextTests
{
    [Fact]
    public void A_rule_is_a_line_of_three_fields_and_no_control_character_of_a_name_comes_through() => Assert.Equal(
        "write /a\\x1b[31m\tkernel-enforced\twhy\n",
        RuleTableText.Plain([new RuleEnforcement("write /a\u001b[31m", EnforcementLevel.KernelEnforced, "why")]));

    [Fact]
    public async Task To_explain_tells_each_rule_and_runs_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("catbox-explain-").FullName;
        try
        {
            var cli = new Cli(directory);
            Assert.Equal(0, await cli.InvokeAsync("run", "--explain", "-p", ".", "--", "/bin/sh", "-c", "echo ran > ran"));
            Assert.Contains(cli.Output.Split('\n'), line => line.StartsWith($"write {directory}\t", StringComparison.Ordinal));
            Assert.Empty(Directory.GetFiles(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task To_explain_what_cannot_be_is_an_error()
    {
        var cli = new Cli();
        Assert.Equal(125, await cli.InvokeAsync("run", "--explain", "--landlock", "require", "--collect-only"));
        Assert.Contains("collect-only", cli.Error, StringComparison.Ordinal);
    }
}
