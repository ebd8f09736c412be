using Akka.Actor;

namespace Catbox.Runtime.Actors;

/// <summary>Says once that its dispatcher runs actors, and is gone.</summary>
internal sealed class HeartbeatActor(TaskCompletionSource beat) : UntypedActor
{
    public static Props Props(TaskCompletionSource beat) => ActorFactory.Props(() => new HeartbeatActor(beat));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        beat.TrySetResult();
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message) => Unhandled(message);
}
