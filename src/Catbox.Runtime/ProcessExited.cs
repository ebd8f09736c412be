namespace Catbox.Runtime;

/// <summary>A process ended.</summary>
public sealed record ProcessExited : SandboxEvent
{
    /// <summary>How it ended.</summary>
    public required ExitStatus Status { get; init; }
}
