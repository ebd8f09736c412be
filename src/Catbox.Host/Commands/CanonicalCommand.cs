using System.CommandLine;
using System.Globalization;
using Catbox.Host.Parsing;
using Catbox.Runtime;

namespace Catbox.Host.Commands;

/// <summary><c>catbox canonical</c>: a path as a process sees it, as the engine would judge it.</summary>
internal sealed class CanonicalCommand : CatboxCommand
{
    private readonly Option<string?> _pid = new("--pid")
    {
        HelpName = "PID",
        Description = "Resolve as this process would: its working directory, its root, its /proc/self.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<bool> _noFollow = new("--no-follow") { Description = "Do not follow a link in the last place." };

    public CanonicalCommand(CliContext context)
        : base("canonical", "Resolve paths as the kernel would.", "canonical [options] PATH...", OperandKind.Many, context)
    {
        Add(_pid);
        Add(_noFollow);
        Sections =
        [
            new HelpSection("Output", ["One line for each PATH, its bytes as they are. The last component may be", "missing."]),
            new HelpSection("Exit status", ["0    all were resolved", "1    one was not; a line on stderr says why", "125  the command line is wrong"]),
            new HelpSection("Examples", ["catbox canonical /proc/self/exe", "catbox canonical --pid 4711 --no-follow ../link"]),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        var arguments = Context.Arguments;
        if (arguments.Rest.Count == 0)
        {
            throw new UsageException("no PATH is given");
        }

        int? pid = result.GetValue(_pid) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new UsageException($"--pid {text}: expected the number of a process");

        var raw = RawArguments.Of(arguments.Given);
        var code = ExitCodes.Success;
        foreach (var index in arguments.Rest)
        {
            var errno = Composition.Resolve(raw[index].Bytes, pid, follow: !result.GetValue(_noFollow), out var canonical);
            if (errno.IsSuccess)
            {
                Context.Terminal.Write([.. canonical, (byte)'\n']);
                continue;
            }

            Context.Terminal.Complain($"{PathText.Escape(raw[index].Bytes)}: {errno}");
            code = ExitCodes.Violations;
        }

        return code;
    }
}
