using Akka.Actor;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.Actors.Protocol;

/// <summary>What a process's actor understands: its stops come through its channel, and it is told that some are there.</summary>
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

    /// <summary>Advice for a call that an advisor was asked about, or the default when its time is over.</summary>
    /// <param name="Tid">The thread.</param>
    /// <param name="Question">Which of its questions; where that is not open any more the advice goes nowhere.</param>
    /// <param name="Advice">What is advised.</param>
    /// <param name="IsDeadline">The time of the question is over.</param>
    public sealed record Advised(int Tid, long Question, Verdict Advice, bool IsDeadline) : INoSerializationVerificationNeeded;

    /// <summary>A thread that waits for advice has stood in its stop for long enough.</summary>
    /// <param name="Tid">The thread.</param>
    /// <param name="Sequence">The stop.</param>
    public sealed record Impatient(int Tid, long Sequence) : INoSerializationVerificationNeeded;
}
