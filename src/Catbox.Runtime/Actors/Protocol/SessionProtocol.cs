using Akka.Actor;
using Catbox.Policy;

namespace Catbox.Runtime.Actors.Protocol;

/// <summary>What a session's actor understands. Commands are imperative, events past tense.</summary>
internal static class SessionProtocol
{
    /// <summary>Asks for something.</summary>
    public interface ICommand : INoSerializationVerificationNeeded;

    /// <summary>Tells of something.</summary>
    public interface IEvent : INoSerializationVerificationNeeded;

    /// <summary>End it.</summary>
    public sealed record Kill(EndReason Reason) : ICommand;

    /// <summary>Send a signal to the first process or its group.</summary>
    public sealed record SendSignal(int Signal, bool ToGroup) : ICommand;

    /// <summary>The first process is there, and stopped before its first instruction.</summary>
    public sealed record RootSpawned(int Pid) : IEvent;

    /// <summary>The launch failed.</summary>
    public sealed record LaunchFailed(string Operation, int Pid, Errno Errno) : IEvent;

    /// <summary>The hook that holds the guest has returned (or thrown).</summary>
    public sealed record HookCompleted(Exception? Error) : IEvent;

    /// <summary>The first process runs its program.</summary>
    public sealed record RootExecuted : IEvent
    {
        public static RootExecuted Instance { get; } = new();
    }

    /// <summary>A process made another.</summary>
    public sealed record ProcessForked(int Pid, int ParentPid, long ParentGeneration, string Executable) : IEvent;

    /// <summary>A process has ended.</summary>
    public sealed record ProcessEnded(ProcessRecord Record) : IEvent;

    /// <summary>A process was stopped by a signal.</summary>
    public sealed record ProcessStopped(int Pid, int Signal) : IEvent;

    /// <summary>It was continued.</summary>
    public sealed record ProcessContinued(int Pid) : IEvent;

    /// <summary>Whoever is to stop with the first process has had the time for it.</summary>
    public sealed record JobSettled : IEvent, INotInfluenceReceiveTimeout
    {
        public static JobSettled Instance { get; } = new();
    }

    /// <summary>A verdict was to kill the session.</summary>
    public sealed record ViolationKilled : IEvent
    {
        public static ViolationKilled Instance { get; } = new();
    }

    /// <summary>An event came for a task that nobody knew.</summary>
    public sealed record StrangerKilled(int Tid) : IEvent;

    /// <summary>The engine cannot go on with this session.</summary>
    public sealed record Faulted(string Operation, int Pid, string Reason) : IEvent;

    /// <summary>A child has thrown, and is stopped: it will not tell of its process's end.</summary>
    public sealed record ActorFailed(IActorRef Actor, string Reason) : IEvent;

    /// <summary>A process's actor was told of a stop when it was gone already; whether that matters, the session knows.</summary>
    public sealed record StopUnheard(IActorRef Actor) : IEvent;

    /// <summary>The time is up.</summary>
    public sealed record TimedOut : IEvent, INotInfluenceReceiveTimeout
    {
        public static TimedOut Instance { get; } = new();
    }
}
