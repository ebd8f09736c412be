using System.CommandLine;
using Catbox.Host.Rendering;
using Catbox.Policy.Syscalls;

namespace Catbox.Host.Commands;

/// <summary><c>catbox syscalls</c>: the table of system calls, and what becomes of each.</summary>
internal sealed class SyscallsCommand : CatboxCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "As JSON." };
    private readonly Option<string?> _disposition = new("--disposition")
    {
        HelpName = "pass|judge|refuse|fake",
        Description = "Only the calls of which this becomes.",
        Arity = ArgumentArity.ExactlyOne,
    };

    public SyscallsCommand(CliContext context)
        : base("syscalls", "List the system calls, and what becomes of each.", "syscalls [options]", OperandKind.None, context)
    {
        Add(_disposition);
        Add(_json);
        Sections =
        [
            new HelpSection("Dispositions",
            [
                "pass    let through by the kernel's filter: it cannot matter to any policy",
                "judge   looked at where the run's policy needs it, let through elsewhere",
                "refuse  never done; the errno is what the command gets",
                "fake    not done, and answered as if it had been",
            ]),
            new HelpSection("Output",
            [
                "A table on a terminal; elsewhere tab-separated lines: number, name,",
                "disposition, errno, note.",
            ]),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        Disposition? only = result.GetValue(_disposition) switch
        {
            null => null,
            "pass" => Disposition.Pass,
            "judge" => Disposition.Judge,
            "refuse" => Disposition.Refuse,
            "fake" => Disposition.Fake,
            var other => throw new UsageException($"--disposition {other}: expected pass, judge, refuse or fake"),
        };
        var rows = Composition.Syscalls.Rows.Where(r => only is null || r.Disposition == only).ToList();
        if (result.GetValue(_json))
        {
            Context.Terminal.Write(SyscallTableText.Json(Composition.Syscalls.Architecture, rows));
        }
        else if (Context.Terminal.OutputIsTerminal)
        {
            Tables.Draw(Context.Terminal, console => SyscallTableText.Render(rows, console));
        }
        else
        {
            Context.Terminal.Write(SyscallTableText.Plain(rows));
        }

        return ExitCodes.Success;
    }
}
