using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Catbox.Host.Rendering;

namespace Catbox.Host.Commands;

/// <summary>A command of ours: what it takes, and what its help says beyond the options.</summary>
internal abstract class CatboxCommand : Command
{
    protected CatboxCommand(string name, string description, string usage, OperandKind operands, CliContext context)
        : base(name, description)
    {
        Usage = usage;
        Operands = operands;
        Context = context;
        Add(new HelpOption("--help", "-h", "-?") { Description = "Show this text.", Action = new HelpTextAction(this, context.Terminal) });
    }

    /// <summary>The usage line, without <c>catbox</c>.</summary>
    public string Usage { get; }

    /// <summary>What stands after the options.</summary>
    public OperandKind Operands { get; }

    /// <summary>The sections after the options.</summary>
    public IReadOnlyList<HelpSection> Sections { get; protected init; } = [];

    /// <summary>The process around it.</summary>
    protected CliContext Context { get; }

    private sealed class HelpTextAction(CatboxCommand command, Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            terminal.Write(HelpText.Of(command));
            return ExitCodes.Success;
        }
    }
}
