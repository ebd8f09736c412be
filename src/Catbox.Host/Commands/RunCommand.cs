using System.CommandLine;
using Catbox.Host.Rendering;
using Catbox.Host.Running;
using Catbox.Runtime;

namespace Catbox.Host.Commands;

/// <summary><c>catbox run</c>: confines a command. Its options are in <see cref="RunOptions"/>, its work in <see cref="RunSession"/>.</summary>
internal sealed class RunCommand : CatboxCommand
{
    public RunCommand(CliContext context)
        : base("run", "Run a command that may write only where it is allowed to.", "run [options] [--] COMMAND [ARGUMENT]...", OperandKind.Command, context)
    {
        Options = new RunOptions(this);
        Sections = RunHelp.Sections;
        SetAction(RunAsync);
    }

    /// <summary>The options, to build a request from.</summary>
    public new RunOptions Options { get; }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var request = Options.ToRequest(result, Context);
        if (request.Spec.WorkingDirectory is { } directory && !Directory.Exists(directory))
        {
            throw new UsageException($"--chdir {directory}: there is no such directory");
        }

        if (request.Explain)
        {
            Explain(request.Spec);
            return ExitCodes.Success;
        }

        return await new RunSession(request, Context.Terminal).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Explain(SandboxSpec spec)
    {
        var rules = SandboxExplanation.Of(spec);
        if (Context.Terminal.OutputIsTerminal)
        {
            Tables.Draw(Context.Terminal, console => RuleTableText.Render(rules, console));
        }
        else
        {
            Context.Terminal.Write(RuleTableText.Plain(rules));
        }
    }
}
