using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Catbox.Runtime.Actors;

/// <summary>
/// Stands where Akka's JSON serializer stands by default. A standalone engine never serialises a message, and a JSON library that is loaded at each start
/// costs more than a guest's launch does.
/// </summary>
internal class NoSerializer : Serializer
{
    public NoSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    public NoSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <inheritdoc/>
    public override int Identifier => 0x0cb0;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new NotSupportedException("a standalone engine serialises nothing");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("a standalone engine serialises nothing");
}
