using System.Text;
using Spectre.Console;

namespace Catbox.Host.Rendering;

/// <summary>Tables for a person at a terminal.</summary>
internal static class Tables
{
    /// <summary>Draws on a terminal. Into text first: the runtime's own console changes the terminal's settings, and handles signals that are not its.</summary>
    public static void Draw(Terminal terminal, Action<IAnsiConsole> draw)
    {
        using var text = new StringWriter();
        draw(AnsiConsole.Create(new AnsiConsoleSettings { Interactive = InteractionSupport.No, Out = new Output(text, terminal.Width) }));
        terminal.Write(text.ToString());
    }

    /// <summary>A table with these columns.</summary>
    public static Table Create(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    private sealed class Output(TextWriter text, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => text;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
