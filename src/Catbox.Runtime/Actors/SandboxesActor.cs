using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Launching;

namespace Catbox.Runtime.Actors;

/// <summary>The parent of all sessions of a runner. A session that fails is stopped and ends as faulted; it takes nobody with it. Also the reader of
/// dead letters: a stop among them is a guest that would stand still for ever.</summary>
internal sealed class SandboxesActor : UntypedActor
{
    /// <summary>Start a session's actor on its loop's dispatcher.</summary>
    internal sealed record Start(SandboxSession Handle, SessionContext Session, LaunchPlan Plan, SandboxHooks? Hooks, string Dispatcher)
        : INoSerializationVerificationNeeded;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

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
        else if (message is DeadLetter letter)
        {
            // The system's, of whatever kind: ours are those of the children of our children. A letter to a session says nothing new: it killed when it
            // was stopped.
            var session = letter.Recipient.Path.Parent;
            if (letter.Message is ProcessProtocol.StopsAvailable && session.Parent.Equals(Self.Path))
            {
                Context.Child(session.Name).Tell(new SessionProtocol.StopUnheard(letter.Recipient));
            }
        }
        else
        {
            Unhandled(message);
        }
    }
}
