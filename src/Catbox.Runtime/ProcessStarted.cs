namespace Catbox.Runtime;

/// <summary>A process came into being.</summary>
/// <inheritdoc cref="SandboxEvent"/>
/// <param name="ParentPid">Who made it; 0 for the first.</param>
/// <param name="Pid">The process.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Time">When.</param>
public sealed record ProcessStarted(int Pid, long Generation, DateTimeOffset Time, int ParentPid) : SandboxEvent(Pid, Generation, Time);
