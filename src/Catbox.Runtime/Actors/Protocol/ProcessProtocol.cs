using Akka.Actor;

namespace Catbox.Runtime.Actors.Protocol;

/// <summary>What a process's actor understands: its stops come through its channel, this only says that some are there.</summary>
internal static class ProcessProtocol
{
    /// <summary>
    /// There are stops in the channel. One shared instance, so that telling it allocates nothing. An actor that is gone leaves no stop
    /// behind that matters: it stops when its process has ended, or when its session is being killed. Where it was stopped from outside, one matters:
    /// so this is never kept from the dead letters (<c>IDeadLetterSuppression</c>), where <see cref="SandboxesActor"/> finds it.
    /// </summary>
    public sealed record StopsAvailable : INoSerializationVerificationNeeded
    {
        public static StopsAvailable Instance { get; } = new();
    }
}
