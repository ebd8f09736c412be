using Akka.Actor;

namespace Catbox.Runtime.Actors.Protocol;

/// <summary>What an auditor understands.</summary>
internal static class AuditorProtocol
{
    /// <summary>There are items in the trail.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded, INotInfluenceReceiveTimeout
    {
        public static Drain Instance { get; } = new();
    }
}
