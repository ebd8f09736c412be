using System.Diagnostics.CodeAnalysis;

namespace Catbox.Runtime;

/// <summary>A process came into being.</summary>
public sealed record ProcessStarted : SandboxEvent
{
    /// <summary>Makes an event; its members are set by name.</summary>
    public ProcessStarted()
    {
    }

    [SetsRequiredMembers]
    internal ProcessStarted(int pid, long generation, DateTimeOffset time, int parentPid)
        : base(pid, generation, time) => ParentPid = parentPid;

    /// <summary>Who made it; 0 for the first.</summary>
    public required int ParentPid { get; init; }
}
