using System.Globalization;
using System.Text;
using System.Text.Json;
using Catbox.Policy.Syscalls;
using Spectre.Console;

namespace Catbox.Host.Rendering;

/// <summary>The ways in which <c>catbox syscalls</c> tells its rows.</summary>
internal static class SyscallTableText
{
    /// <summary>A table on a terminal.</summary>
    public static void Render(IReadOnlyList<SyscallRow> rows, IAnsiConsole console)
    {
        var table = Tables.Create("nr", "call", "what", "errno", "note");
        foreach (var row in rows)
        {
            table.AddRow(
                new Text(row.Number.ToString(CultureInfo.InvariantCulture)),
                new Text(row.Name),
                new Text(Name(row.Disposition), new Style(row.Disposition switch
                {
                    Disposition.Pass => Color.Green,
                    Disposition.Judge => Color.Yellow,
                    Disposition.Refuse => Color.Red,
                    _ => Color.Blue,
                })),
                new Text(ErrnoOf(row)),
                new Text(row.Note));
        }

        console.Write(table);
    }

    /// <summary>Tab-separated lines.</summary>
    public static string Plain(IReadOnlyList<SyscallRow> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Number}\t{row.Name}\t{Name(row.Disposition)}\t{ErrnoOf(row)}\t{row.Note}\n");
        }

        return text.ToString();
    }

    /// <summary>A JSON object: the architecture and its calls.</summary>
    public static byte[] Json(string architecture, IReadOnlyList<SyscallRow> rows)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("architecture", architecture);
            json.WriteStartArray("syscalls");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteNumber("number", row.Number);
                json.WriteString("name", row.Name);
                json.WriteString("disposition", Name(row.Disposition));
                if (!row.RefusalErrno.IsSuccess)
                {
                    json.WriteString("errno", row.RefusalErrno.ToString());
                }

                json.WriteStartArray("arguments");
                foreach (var kind in row.Args)
                {
                    json.WriteStringValue(kind.ToString());
                }

                json.WriteEndArray();
                json.WriteString("needs", row.Needs.ToString());
                json.WriteString("traits", row.Traits.ToString());
                json.WriteString("note", row.Note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static string Name(Disposition disposition) => disposition.ToString().ToLowerInvariant();

    private static string ErrnoOf(SyscallRow row) => row.RefusalErrno.IsSuccess ? "" : row.RefusalErrno.ToString();
}
