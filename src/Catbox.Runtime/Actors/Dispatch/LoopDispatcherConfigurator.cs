using Akka.Configuration;
using Akka.Dispatch;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors.Dispatch;

/// <summary>
/// Gives Akka the one dispatcher of a loop. Registered in code under an id of its own (<c>Dispatchers.RegisterConfigurator</c>) and not named in HOCON,
/// which would need static state to find its loop.
/// </summary>
internal sealed class LoopDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly LoopDispatcher _dispatcher;

    public LoopDispatcherConfigurator(TracerLoop loop, Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        _dispatcher = new LoopDispatcher(this, loop);
        loop.Attach(_dispatcher);
    }

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;
}
