using Spectre.Console;

namespace Catbox.Host.Rendering;

/// <summary>Tables for a person at a terminal.</summary>
internal static class Tables
{
    /// <summary>The console that tables are drawn on. Only made by commands that draw: <c>run</c> must leave the terminal alone.</summary>
    public static IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings { Interactive = InteractionSupport.No });

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
}
