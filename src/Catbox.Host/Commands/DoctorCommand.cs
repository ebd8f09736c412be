using System.CommandLine;
using Catbox.Host.Rendering;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Commands;

/// <summary><c>catbox doctor</c>: what this machine allows.</summary>
internal sealed class DoctorCommand : CatboxCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "As JSON." };

    public DoctorCommand(CliContext context)
        : base("doctor", "Tell what this machine allows, and what is lost without it.", "doctor [--json]", OperandKind.None, context)
    {
        Add(_json);
        Sections = [new HelpSection("Exit status", ["0  commands can be confined here", "1  something is missing that catbox cannot do without"])];
        SetAction(result =>
        {
            var report = MachineReport.Probe();
            if (result.GetValue(_json))
            {
                Context.Terminal.Write(MachineReportText.Json(report));
            }
            else if (Context.Terminal.OutputIsTerminal)
            {
                Tables.Draw(Context.Terminal, console => MachineReportText.Render(report, console));
            }
            else
            {
                Context.Terminal.Write(MachineReportText.Plain(report));
            }

            return report.CanRun ? ExitCodes.Success : ExitCodes.Violations;
        });
    }
}
