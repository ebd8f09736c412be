using Akka.Actor;

namespace Catbox.Runtime.Actors.Protocol;

/// <summary>What a process's actor understands: its stops come through its channel, this only says that some are there.</summary>
internal static class ProcessProtocol
{
    /// <summary>
    /// There are stops in the channel. One shared instance, so that telling it allocates nothing. It must never be marked as suppressed in
    /// dead letters: a stop that nobody reads is a frozen process.
    /// </summary>
    public sealed record StopsAvailable : INoSerializationVerificationNeeded
    {
        public static StopsAvailable Instance { get; } = new();
    }
}
