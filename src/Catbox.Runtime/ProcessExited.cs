namespace Catbox.Runtime;

/// <summary>A process ended.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Time">When.</param>
/// <param name="Status">How.</param>
public sealed record ProcessExited(int Pid, long Generation, DateTimeOffset Time, ExitStatus Status) : SandboxEvent(Pid, Generation, Time);
