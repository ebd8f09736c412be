namespace Catbox.Runtime;

/// <summary>What is told of a run while it lasts, in order per process.</summary>
/// <param name="Pid">The process (thread group).</param>
/// <param name="Generation">Tells two processes apart that had the same pid.</param>
/// <param name="Time">When it happened.</param>
public abstract record SandboxEvent(int Pid, long Generation, DateTimeOffset Time);
