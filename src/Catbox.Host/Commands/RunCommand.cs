using System.CommandLine;
using Catbox.Host.Rendering;
using Catbox.Host.Running;
using Catbox.Policy.Paths;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

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
        if (!HostFiles.HasProc)
        {
            throw new UsageException("/proc is not mounted, and guests are watched by way of it; mount it: mount -t proc proc /proc");
        }

        var request = Options.ToRequest(result, Context);
        if (request.Spec.WorkingDirectory is { } directory && HostFiles.KindOf(directory.Bytes) != FileKind.Directory)
        {
            throw new UsageException($"--chdir {PathText.Escape(directory.Bytes)}: there is no such directory");
        }

        if (request.Explain)
        {
            Explain(request.Spec);
            return ExitCodes.Success;
        }

        if (!request.Quiet)
        {
            foreach (var path in SandboxExplanation.Unreachable(request.Spec))
            {
                Context.Terminal.Complain($"{path} may be written, and allows nothing: its directory does not exist. Make it first, or allow a directory above it");
            }
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
