using System.Threading.Channels;

namespace Catbox.Runtime;

/// <summary>Callbacks of a run. They run on the thread pool; only <see cref="ChildInitialized"/> holds the guest.</summary>
public sealed record SandboxHooks
{
    /// <summary>Runs when the guest's process is there and before its first instruction: /proc shows the stub yet, not the command. Throwing ends the session as
    /// <see cref="EndReason.HookFailed"/>.</summary>
    public Func<int, CancellationToken, Task>? ChildInitialized { get; init; }
    /// <summary>Runs when an event arrives for a process that is not known or already gone.</summary>
    public Func<int, CancellationToken, Task>? ChildDiedUnexpectedly { get; init; }
    /// <summary>A process came into being.</summary>
    public Action<ProcessStarted>? ProcessStarted { get; init; }
    /// <summary>A process executed a program.</summary>
    public Action<ProcessExecuted>? ProcessExecuted { get; init; }
    /// <summary>A process ended.</summary>
    public Action<ProcessExited>? ProcessExited { get; init; }
    /// <summary>
    /// The first process was stopped by a signal (job control), and with it all others of its group that are to be: a host that shares its terminal
    /// (<see cref="SandboxSpec.ShareTerminal"/>) stops itself then, since the user's shell waits for it. Gets the signal.
    /// </summary>
    public Action<int>? RootStopped { get; init; }
    /// <summary>A violation was recorded.</summary>
    public Action<Violation>? Violation { get; init; }
    /// <summary>
    /// Takes every event of the run, from the start of the first process on, and is completed when the run is over or did not start. An event that it does
    /// not take (a bounded channel that is full) is lost to it; nobody waits. <see cref="Sandbox.ReadEventsAsync"/> is for readers that come later.
    /// </summary>
    public ChannelWriter<SandboxEvent>? Events { get; init; }
}
