using System.Runtime.CompilerServices;
using System.Text;
using Catbox.Policy.Tracees;
using Xunit;

namespace Catbox.Policy.Tests.Tracees;

/// <summary>The table of the state machine in <c>docs/design.md</c> is what <see cref="ThreadMachine"/> does.</summary>
public sealed class ThreadMachineDocumentTests
{
    private static string DocumentPath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "design.md"));

    private static string Generate()
    {
        var phases = Enum.GetValues<ThreadPhase>();
        var text = new StringBuilder();
        text.Append("| event | ").AppendJoin(" | ", phases).Append(" |\n|").Insert(text.Length, " --- |", phases.Length + 1).Append('\n');
        foreach (var happened in Enum.GetValues<ThreadEvent>())
        {
            text.Append("| ").Append(happened);
            foreach (var phase in phases)
            {
                var (next, effect) = ThreadMachine.Step(phase, happened);
                text.Append(" | ").Append(effect == ThreadEffect.Fault ? "*Fault*" : $"{effect} → {next}");
            }

            text.Append(" |\n");
        }

        return text.ToString();
    }

    [Fact]
    public void The_table_in_the_design_document_is_what_the_machine_does() =>
        Assert.Contains(Generate(), File.ReadAllText(DocumentPath()), StringComparison.Ordinal);

    [Fact]
    public void A_fault_leaves_the_phase_as_it_was() => Assert.All(
        from phase in Enum.GetValues<ThreadPhase>() from happened in Enum.GetValues<ThreadEvent>() select (phase, happened),
        static pair =>
        {
            var (next, effect) = ThreadMachine.Step(pair.phase, pair.happened);
            Assert.True(effect != ThreadEffect.Fault || next == pair.phase, $"{pair.phase}, {pair.happened}: {next}");
        });
}
