using System.CommandLine;
using System.Globalization;
using System.Text;
using Catbox.Host.Commands;

namespace Catbox.Host.Rendering;

/// <summary>Help texts: the same everywhere, whatever the terminal's width, so that the documentation can hold them.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int Column = 28;

    /// <summary>The help of the program.</summary>
    public static string OfRoot(RootCommand root)
    {
        var text = new StringBuilder();
        text.Append("Usage: catbox COMMAND [options]\n\n");
        Wrap(text, root.Description ?? "", 0);
        text.Append("\nCommands:\n");
        foreach (var command in root.Subcommands.OfType<CatboxCommand>())
        {
            Entry(text, command.Name, command.Description ?? "");
        }

        Entry(text, "help [COMMAND]", "Show this text, or that of a command.");
        text.Append("\nOptions:\n");
        Entry(text, "-h, --help", "Show this text.");
        Entry(text, "--version", "Show the version.");
        text.Append("\nExamples:\n  catbox run -p . -- make\n  catbox run --help\n  catbox doctor\n");
        return text.ToString();
    }

    /// <summary>The help of a command.</summary>
    public static string Of(CatboxCommand command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Usage: catbox {command.Usage}\n\n");
        Wrap(text, command.Description ?? "", 0);
        text.Append("\nOptions:\n");
        foreach (var option in ((Command)command).Options.OrderBy(static o => o.Name == "--help"))
        {
            var shortName = option.Aliases.FirstOrDefault(static a => a.Length == 2);
            var name = (shortName is null ? "    " : shortName + ", ") + option.Name;
            Entry(text, option.HelpName is null ? name : name + " " + option.HelpName, option.Description ?? "");
        }

        foreach (var section in command.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{section.Title}:\n");
            foreach (var line in section.Lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {line}\n");
            }
        }

        return text.ToString();
    }

    private static void Entry(StringBuilder text, string name, string description)
    {
        text.Append("  ").Append(name);
        if (name.Length + 4 > Column)
        {
            text.Append('\n').Append(' ', Column);
        }
        else
        {
            text.Append(' ', Column - 2 - name.Length);
        }

        Wrap(text, description, Column);
    }

    /// <summary>Wraps a text whose first line starts where the builder stands.</summary>
    private static void Wrap(StringBuilder text, string words, int indent)
    {
        var column = indent;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }
}
