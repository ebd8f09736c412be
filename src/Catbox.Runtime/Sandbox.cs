namespace Catbox.Runtime;

/// <summary>A running session. A runner makes it; nobody else derives from it.</summary>
public abstract class Sandbox : IAsyncDisposable
{
    private protected Sandbox()
    {
    }

    /// <summary>The session's number in this host.</summary>
    public abstract long Id { get; }
    /// <summary>The pid of the first process.</summary>
    public abstract int Pid { get; }
    /// <summary>Completes when the last process is gone. Never faults: a failure is <see cref="EndReason.Faulted"/>.</summary>
    public abstract Task<SandboxResult> Completion { get; }
    /// <summary>The write end of a piped standard input.</summary>
    public abstract Stream StandardInput { get; }
    /// <summary>The read end of a piped standard output.</summary>
    public abstract Stream StandardOutput { get; }
    /// <summary>The read end of a piped standard error.</summary>
    public abstract Stream StandardError { get; }
    /// <summary>
    /// Violations and process events as they happen, until the session ends. The reader is subscribed by this call and sees every event from here on; it is
    /// enumerated once. <see cref="SandboxHooks.Events"/> is for a reader that is to see the first event, too.
    /// </summary>
    public abstract IAsyncEnumerable<SandboxEvent> ReadEventsAsync(CancellationToken cancellationToken = default);
    /// <summary>Sends a signal to the first process (or to its group).</summary>
    public abstract void Signal(int signal, bool toGroup = false);
    /// <summary>Kills everything and waits for the end.</summary>
    public abstract Task KillAsync();
    /// <summary>
    /// Kills what still runs and waits for its end, but no longer than ten seconds: a process that stays in the kernel cannot be killed, and an engine that
    /// hangs does not answer. <see cref="Completion"/> is then a result that is <see cref="EndReason.Faulted"/> and says so.
    /// </summary>
    public abstract ValueTask DisposeAsync();
}
