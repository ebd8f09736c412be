using System.CommandLine;
using Catbox.Host.Commands;

namespace Catbox.Host.Parsing;

/// <summary>
/// Finds where our options end, before anything is parsed. The guest's command must never be looked at by a parser of ours
/// (<c>catbox run ls -n</c> has no network, <c>catbox run echo @file</c> no response file), so the parser is not shown it. What is ours is
/// rewritten to one token an option, which leaves no room for a value that looks like an option.
/// </summary>
internal static class ArgumentScanner
{
    /// <summary>Divides a command line.</summary>
    /// <exception cref="UsageException">An option or command is not known, or an option lacks its value.</exception>
    public static ScannedArguments Scan(RootCommand root, IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0].StartsWith('-'))
        {
            return args is [] or ["--help" or "-h" or "-?" or "--version"]
                ? new ScannedArguments(args is ["-h" or "-?"] ? ["--help"] : [.. args], [], args, [], [])
                : throw new UsageException(args[0].StartsWith("--h", StringComparison.Ordinal) || args[0] == "--version"
                    ? $"{args[0]} stands alone"
                    : $"a command comes first, as in `catbox run {args[0]} ...`; `catbox --help` lists them");
        }

        if (args[0] == "help")
        {
            return args.Count == 1 ? Scan(root, ["--help"])
                : args.Count == 2 ? Scan(root, [args[1], "--help"])
                : throw new UsageException("`catbox help` takes the name of a command, or nothing");
        }

        if (root.Subcommands.OfType<CatboxCommand>().FirstOrDefault(c => c.Name == args[0]) is not { } command)
        {
            if (NearName.Of(args[0], root.Subcommands.Select(static c => c.Name)) is { } near)
            {
                throw new UsageException($"there is no command '{args[0]}'; {near} is meant? To confine a program: `catbox run -- {args[0]} ...`");
            }

            throw new UsageException($"there is no command '{args[0]}'; to confine a program: `catbox run -- {args[0]} ...`");
        }

        var tokens = new List<string> { command.Name };
        var rest = new List<int>();
        var ours = new List<int> { 0 };
        var values = new List<OptionValue>();
        var i = 1;
        while (i < args.Count)
        {
            var arg = args[i];
            if (arg == "--")
            {
                rest.AddRange(Enumerable.Range(i + 1, args.Count - i - 1));
                break;
            }

            if (arg.Length < 2 || arg[0] != '-')
            {
                if (command.Operands == OperandKind.Command)
                {
                    rest.AddRange(Enumerable.Range(i, args.Count - i));
                    break;
                }

                rest.Add(i++);
                continue;
            }

            ours.Add(i);
            if ((arg[1] == '-' ? Long(command, arg, tokens) : Short(command, arg, tokens)) is (var option, var offset))
            {
                if (offset == arg.Length)
                {
                    i++;
                    if (i == args.Count)
                    {
                        throw new UsageException($"{arg} needs a value");
                    }

                    ours.Add(i);
                    offset = NotEmpty(arg, args[i], 0);
                }

                tokens.Add($"{option}={args[i][offset..]}");
                values.Add(new OptionValue(option, i, offset));
            }

            i++;
        }

        if (command.Operands == OperandKind.None && rest.Count > 0)
        {
            throw new UsageException($"`catbox {command.Name}` takes no operand: {args[rest[0]]}");
        }

        return new ScannedArguments(tokens, rest, args, ours, values);
    }

    /// <summary>Reads a long option, and adds it when it takes no value.</summary>
    /// <returns>Its name, and where its value begins: at the end when it is the next argument. Null when it takes none.</returns>
    private static (string Option, int Offset)? Long(CatboxCommand command, string arg, List<string> tokens)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? arg : arg[..equals];
        var option = Find(command, name);
        if (TakesValue(option))
        {
            return (option.Name, equals < 0 ? arg.Length : NotEmpty(name, arg, equals + 1));
        }

        tokens.Add(equals < 0 ? option.Name : throw new UsageException($"{name} takes no value"));
        return null;
    }

    /// <summary>Reads a bundle of short options (<c>-nq</c>, <c>-pDIR</c>), and adds those that take no value.</summary>
    /// <returns>The last one's name and where its value begins, as <see cref="Long"/> has it.</returns>
    private static (string Option, int Offset)? Short(CatboxCommand command, string arg, List<string> tokens)
    {
        for (var c = 1; c < arg.Length; c++)
        {
            var option = Find(command, "-" + arg[c]);
            if (TakesValue(option))
            {
                return (option.Name, c + 1 < arg.Length && arg[c + 1] == '=' ? NotEmpty("-" + arg[c], arg, c + 2) : c + 1);
            }

            tokens.Add(option.Name);
        }

        return null;
    }

    private static Option Find(CatboxCommand command, string name)
    {
        foreach (var option in command.Options)
        {
            if (option.Name == name || option.Aliases.Contains(name))
            {
                return option;
            }
        }

        var near = NearName.Of(name, command.Options.Select(static o => o.Name));
        throw new UsageException(near is null ? $"unknown option {name}" : $"unknown option {name}; {near} is meant?");
    }

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static int NotEmpty(string option, string arg, int offset) =>
        offset < arg.Length ? offset : throw new UsageException($"{option} needs a value that is not empty");
}
