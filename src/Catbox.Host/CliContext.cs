using Catbox.Host.Parsing;
using Catbox.Host.Rendering;

namespace Catbox.Host;

/// <summary>What a command needs of the process around it; tests give their own.</summary>
internal sealed class CliContext
{
    /// <summary>Where output goes and whether a person is looking.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>The directory that relative paths start from.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The user's home directory, null when there is none.</summary>
    public string? Home { get; init; }

    /// <summary>What the scanner found on the command line; set before a command's action runs.</summary>
    public ScannedArguments Arguments { get; set; } = ScannedArguments.Empty;

    /// <summary>The context of the running program.</summary>
    public static CliContext ForProcess() => new()
    {
        Terminal = Terminal.ForProcess(),
        WorkingDirectory = Environment.CurrentDirectory,
        Home = Environment.GetEnvironmentVariable("HOME"),
    };
}
