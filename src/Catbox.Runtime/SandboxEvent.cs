using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Catbox.Runtime;

/// <summary>What is told of a run while it lasts, in order per process. Events compare by value.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ProcessStarted), "process_started")]
[JsonDerivedType(typeof(ProcessExecuted), "process_executed")]
[JsonDerivedType(typeof(ProcessExited), "process_exited")]
[JsonDerivedType(typeof(Violation), "violation")]
public abstract record SandboxEvent
{
    private protected SandboxEvent()
    {
    }

    [SetsRequiredMembers]
    private protected SandboxEvent(int pid, long generation, DateTimeOffset time)
    {
        Pid = pid;
        Generation = generation;
        Time = time;
    }

    /// <summary>The process (thread group).</summary>
    public required int Pid { get; init; }
    /// <summary>Tells two processes apart that had the same pid.</summary>
    public required long Generation { get; init; }
    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }
}
