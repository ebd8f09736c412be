using System.Runtime.CompilerServices;
using System.Text;
using Catbox.Host.Commands;
using Catbox.Host.Rendering;

namespace Catbox.Host.Tests;

/// <summary><c>docs/cli.md</c> is the help texts. With CATBOX_REGENERATE=1 in the environment the test writes it.</summary>
public sealed class CliDocumentTests
{
    private static string DocumentPath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "cli.md"));

    private static string Generate()
    {
        var root = CommandLine.CreateRoot(new Cli().Context);
        var text = new StringBuilder("# The command line\n\nGenerated from the help texts; `make docs` writes it anew.\n");
        text.Append("\n## catbox\n\n```\n").Append(HelpText.OfRoot(root)).Append("```\n");
        foreach (var command in root.Subcommands.OfType<CatboxCommand>())
        {
            text.Append("\n## catbox ").Append(command.Name).Append("\n\n```\n").Append(HelpText.Of(command)).Append("```\n");
        }

        return text.ToString();
    }

    [Fact]
    public void The_document_is_what_the_help_says()
    {
        if (Environment.GetEnvironmentVariable("CATBOX_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(DocumentPath())!);
            File.WriteAllText(DocumentPath(), Generate());
        }

        Assert.Equal(Generate(), File.ReadAllText(DocumentPath()));
    }

    [Fact]
    public void Every_line_fits_a_terminal() => Assert.All(Generate().Split('\n'), static l => Assert.True(l.Length <= 80, l));
}
