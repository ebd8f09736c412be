using Akka.Actor;

namespace Catbox.Runtime.Actors;

/// <summary>The same in the place of Akka's serializer of bytes, which would look up its number in a table that names the JSON one.</summary>
internal sealed class NoBytesSerializer(ExtendedActorSystem system) : NoSerializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 0x0cb1;
}
