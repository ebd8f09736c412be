using System.Collections.Concurrent;
using Akka.Dispatch;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors.Dispatch;

/// <summary>
/// A dispatcher whose thread is a tracer loop: a mailbox run is queued there and carried out right after the stop that caused it was published,
/// on the same thread. An actor hop then costs 0.2 microseconds and no bytes, where one through the thread pool costs as much as the stop itself.
/// </summary>
internal sealed class LoopDispatcher(MessageDispatcherConfigurator configurator, TracerLoop loop) : MessageDispatcher(configurator), ILoopWork
{
    private readonly ConcurrentQueue<IRunnable> _runs = new();

    /// <inheritdoc/>
    public bool RunQueued()
    {
        var any = false;
        while (_runs.TryDequeue(out var run))
        {
            any = true;
            run.Run();
        }

        return any;
    }

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run)
    {
        _runs.Enqueue(run);
        loop.Wake();
    }

    /// <summary>Called one second after the last actor has left, and must leave the dispatcher usable: the loop belongs to the runner.</summary>
    protected override void Shutdown()
    {
    }
}
