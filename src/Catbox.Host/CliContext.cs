using System.Text;
using Catbox.Host.Parsing;
using Catbox.Host.Rendering;

namespace Catbox.Host;

/// <summary>What a command needs of the process around it; tests give their own.</summary>
internal sealed class CliContext
{
    /// <summary>Where output goes and whether a person is looking.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>The directory that relative paths start from; null for the process's own, which may have no name that could be told.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user's home directory, null when there is none.</summary>
    public string? Home { get; init; }

    /// <summary>What the scanner found on the command line; set before a command's action runs.</summary>
    public ScannedArguments Arguments { get; set; } = ScannedArguments.Empty;

    /// <summary>A path of the command line as the kernel can take it.</summary>
    public byte[] PathOf(ReadOnlySpan<byte> path) =>
        WorkingDirectory is null || path.StartsWith("/"u8) ? path.ToArray() : [.. Encoding.UTF8.GetBytes(WorkingDirectory), (byte)'/', .. path];

    /// <summary>The context of the running program.</summary>
    public static CliContext ForProcess() => new()
    {
        Terminal = Terminal.ForProcess(),
        Home = Environment.GetEnvironmentVariable("HOME"),
    };
}
