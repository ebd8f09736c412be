using System.Text;
using Catbox.Host.Commands;
using Catbox.Host.Rendering;
using Catbox.Host.Running;

namespace Catbox.Host.Tests;

/// <summary>A command line without a process around it.</summary>
internal sealed class Cli
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    public Cli(string workingDirectory = "/work", string? home = "/home/u", bool controlling = false, bool colour = false)
    {
        Terminal = new Terminal(_output, _error) { IsControlling = controlling, ErrorIsTerminal = colour, ErrorHasColour = colour };
        Context = new CliContext { Terminal = Terminal, WorkingDirectory = workingDirectory, Home = home };
    }

    public Terminal Terminal { get; }

    public CliContext Context { get; }

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Error => Encoding.UTF8.GetString(_error.ToArray());

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task<int> InvokeAsync(params string[] args) => CommandLine.InvokeAsync(args, Context);

    /// <summary>The request that a `catbox run` becomes.</summary>
    public RunRequest Run(params string[] args)
    {
        var root = CommandLine.CreateRoot(Context);
        var result = CommandLine.Parse(root, ["run", .. args], Context);
        Assert.Empty(result.Errors);
        return root.Subcommands.OfType<RunCommand>().Single().Options.ToRequest(result, Context);
    }
}
