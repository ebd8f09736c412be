using System.Globalization;
using Akka.Actor;
using Catbox.Runtime.Launching;

namespace Catbox.Runtime.Actors;

/// <summary>The parent of all sessions of a runner. A session that fails is stopped and ends as faulted; it takes nobody with it.</summary>
internal sealed class SandboxesActor : UntypedActor
{
    /// <summary>Start a session's actor on its loop's dispatcher.</summary>
    internal sealed record Start(SandboxSession Handle, SessionContext Session, LaunchPlan Plan, SandboxHooks? Hooks, string Dispatcher)
        : INoSerializationVerificationNeeded;

    public static Props Props() => ActorFactory.Props(() => new SandboxesActor());

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Start start)
        {
            Context.ActorOf(
                SessionActor.Props(start.Handle, start.Session, start.Plan, start.Hooks).WithDispatcher(start.Dispatcher),
                start.Handle.Id.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            Unhandled(message);
        }
    }
}
