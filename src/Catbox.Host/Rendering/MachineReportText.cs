using System.Text;
using System.Text.Json;
using Catbox.Runtime.Diagnostics;
using Spectre.Console;

namespace Catbox.Host.Rendering;

/// <summary>The ways in which <c>catbox doctor</c> tells its findings.</summary>
internal static class MachineReportText
{
    /// <summary>A table on a terminal.</summary>
    public static void Render(MachineReport report, IAnsiConsole console)
    {
        var table = Tables.Create("what", "state", "found, and what is lost");
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        foreach (var check in report.Checks)
        {
            var isThere = check.State == MachineCheckState.Available;
            table.AddRow(
                new Text(check.Name),
                new Text(State(check), new Style(isThere ? Color.Green : check.IsRequired ? Color.Red : Color.Yellow)),
                isThere ? new Text(check.Detail) : new Rows(new Text(check.Detail), new Text(check.Without)));
        }

        console.Write(table);
        console.WriteLine(Conclusion(report));
    }

    /// <summary>Tab-separated lines: name, state, what was found, and where something is not there as it should be what is lost.</summary>
    public static string Plain(MachineReport report)
    {
        var text = new StringBuilder();
        foreach (var check in report.Checks)
        {
            text.Append(check.Name).Append('\t').Append(State(check)).Append('\t').Append(check.Detail);
            text.Append('\t').Append(check.State == MachineCheckState.Available ? "" : check.Without).Append('\n');
        }

        return text.Append(Conclusion(report)).Append('\n').ToString();
    }

    /// <summary>A JSON object.</summary>
    public static byte[] Json(MachineReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("can_run", report.CanRun);
            json.WriteString("kernel", report.KernelRelease);
            json.WriteString("architecture", report.Architecture);
            json.WriteStartArray("checks");
            foreach (var check in report.Checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteString("state", State(check));
                json.WriteBoolean("required", check.IsRequired);
                json.WriteString("detail", check.Detail);
                if (check.State != MachineCheckState.Available)
                {
                    json.WriteString("without", check.Without);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static string State(MachineCheck check) => check.State.ToString().ToLowerInvariant();

    private static string Conclusion(MachineReport report) => report.CanRun
        ? "Commands can be confined here."
        : "Nothing can be confined here: " + string.Join(", ", report.Checks.Where(static c => c.IsRequired && c.State == MachineCheckState.Missing).Select(static c => c.Name));
}
