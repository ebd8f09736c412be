using Akka.Actor;
using Catbox.Runtime.Actors;

namespace Catbox.Runtime;

public sealed partial class SandboxRunner
{
    /// <summary>The parent of all sessions.</summary>
    /// <exception cref="SandboxLaunchException">A tracer loop could not be started.</exception>
    internal async Task<IActorRef> SandboxesAsync() => (await _ready.ConfigureAwait(false)).Sandboxes;

    /// <summary>Completes when an actor has started on each loop: its thread lives, hears its doorbell and runs mailboxes.</summary>
    /// <exception cref="SandboxLaunchException">A tracer loop could not be started.</exception>
    /// <exception cref="ObjectDisposedException">The runner is disposed.</exception>
    internal async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var (system, _) = await _ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        var beats = new Task[_loops.Length];
        for (var i = 0; i < _loops.Length; i++)
        {
            var beat = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(HeartbeatActor.Props(beat).WithDispatcher(DispatcherId(i)));
            beats[i] = beat.Task;
        }

        await Task.WhenAll(beats).WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
