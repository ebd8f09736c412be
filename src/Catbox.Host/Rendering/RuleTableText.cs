using System.Text;
using Catbox.Policy.Enforcement;
using Catbox.Runtime;
using Spectre.Console;

namespace Catbox.Host.Rendering;

/// <summary>The ways in which <c>catbox run --explain</c> tells what holds each rule.</summary>
internal static class RuleTableText
{
    /// <summary>A table on a terminal.</summary>
    public static void Render(IReadOnlyList<RuleEnforcement> rules, IAnsiConsole console)
    {
        var table = Tables.Create("rule", "held by", "why");
        table.Columns[1].NoWrap();
        foreach (var rule in rules)
        {
            table.AddRow(
                new Text(Escaped(rule.Rule)),
                new Text(Name(rule.Level), new Style(rule.Level switch
                {
                    EnforcementLevel.KernelEnforced => Color.Green,
                    EnforcementLevel.TracerEnforced => Color.Blue,
                    _ => Color.Yellow,
                })),
                new Text(Escaped(rule.Reason)));
        }

        console.Write(table);
        console.WriteLine("advisory: a race is possible, see SECURITY.md");
    }

    /// <summary>Tab-separated lines: rule, level, reason.</summary>
    public static string Plain(IReadOnlyList<RuleEnforcement> rules)
    {
        var text = new StringBuilder();
        foreach (var rule in rules)
        {
            text.Append(Escaped(rule.Rule)).Append('\t').Append(Name(rule.Level)).Append('\t').Append(Escaped(rule.Reason)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A level as reports name it.</summary>
    public static string Name(EnforcementLevel level) => level switch
    {
        EnforcementLevel.KernelEnforced => "kernel-enforced",
        EnforcementLevel.TracerEnforced => "tracer-enforced",
        _ => "advisory",
    };

    /// <summary>Names of files are in it: nothing of them may reach a terminal as a control character.</summary>
    private static string Escaped(string text) => PathText.Escape(Encoding.UTF8.GetBytes(text));
}
