using Akka.Actor;

namespace Catbox.Runtime.Actors;

/// <summary>
/// Makes actors by calling their constructors. <c>Props.Create(() => new …)</c> takes the expression apart and calls the constructor by reflection, which
/// under NativeAOT was an eighth of the tracer thread's time in a build of many processes.
/// </summary>
internal sealed class ActorFactory : IIndirectActorProducer
{
    private readonly Func<ActorBase> _make;

    private ActorFactory(Type type, Func<ActorBase> make)
    {
        ActorType = type;
        _make = make;
    }

    /// <inheritdoc/>
    public Type ActorType { get; }

    /// <summary>Props whose actor is made by <paramref name="make"/>.</summary>
    public static Props Props<TActor>(Func<TActor> make)
        where TActor : ActorBase => Akka.Actor.Props.CreateBy(new ActorFactory(typeof(TActor), make));

    /// <inheritdoc/>
    public ActorBase Produce() => _make();

    /// <inheritdoc/>
    public void Release(ActorBase actor)
    {
    }
}
