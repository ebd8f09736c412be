using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Catbox.Policy;
using Catbox.Policy.Enforcement;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime;

/// <summary>The host's end of a session: tasks and streams; everything else is a message to its actor.</summary>
internal sealed class SandboxSession(long id, StandardStreams streams, TemporaryDirectory? temporary) : Sandbox, ISessionSink
{
    private static readonly TimeSpan s_sweepPatience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<SandboxResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SandboxSession> _start = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _readersLock = new();
    private ImmutableList<Channel<SandboxEvent>> _readers = [];
    private IActorRef _actor = ActorRefs.Nobody;
    private int _pid;
    private EndReason? _earlyKill;

    /// <inheritdoc/>
    public override long Id => id;

    /// <inheritdoc/>
    public override int Pid => _pid;

    /// <inheritdoc/>
    public override Task<SandboxResult> Completion => _completion.Task;

    /// <summary>Completes when the first process runs its program, or fails with what was in the way.</summary>
    public Task<SandboxSession> Started => _start.Task;

    /// <summary>What holds each rule of the session: told with its result.</summary>
    public ImmutableArray<RuleEnforcement> Rules { get; init; } = [];

    /// <summary>The reader that was there before the first event, or null.</summary>
    public ChannelWriter<SandboxEvent>? Events { get; init; }

    /// <summary>How long <see cref="DisposeAsync"/> waits for an end that does not come.</summary>
    public TimeSpan Patience { get; init; } = new SandboxRunnerOptions().Patience;

    /// <summary>The private TMPDIR, or null.</summary>
    public TemporaryDirectory? Temporary => temporary;

    /// <inheritdoc/>
    public override Stream StandardInput => streams.Input ?? throw NotPiped("input");

    /// <inheritdoc/>
    public override Stream StandardOutput => streams.Output ?? throw NotPiped("output");

    /// <inheritdoc/>
    public override Stream StandardError => streams.Error ?? throw NotPiped("error");

    /// <inheritdoc/>
    public override IAsyncEnumerable<SandboxEvent> ReadEventsAsync(CancellationToken cancellationToken = default)
    {
        // Here and not at the first step of the enumeration: what happens in between is the reader's, too.
        var reader = Channel.CreateUnbounded<SandboxEvent>(new() { SingleReader = true, SingleWriter = true });
        lock (_readersLock)
        {
            _readers = _readers.Add(reader);
            if (_completion.Task.IsCompleted)
            {
                reader.Writer.TryComplete();
            }
        }

        return ReadAsync(reader, cancellationToken);
    }

    /// <inheritdoc/>
    public override void Signal(int signal, bool toGroup = false) => _actor.Tell(new SessionProtocol.SendSignal(signal, toGroup));

    /// <inheritdoc/>
    public override Task KillAsync()
    {
        Kill(EndReason.Killed);
        return Completion;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await KillAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Abandon(string.Create(
                CultureInfo.InvariantCulture, $"the session was killed and has not ended within {Patience.TotalSeconds} s; its first process is pid {_pid}"));
        }

        streams.Dispose();

        // A run that is shorter than the sweep would else never see its end; one of a huge tree goes on at the next.
        await (temporary?.Sweep ?? Task.CompletedTask).WaitAsync(s_sweepPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Asks for the end.</summary>
    public void Kill(EndReason reason)
    {
        lock (_readersLock)
        {
            if (_actor.IsNobody())
            {
                _earlyKill ??= reason;
                return;
            }
        }

        _actor.Tell(new SessionProtocol.Kill(reason));
    }

    /// <summary>The session's actor lives.</summary>
    public void Attach(IActorRef actor)
    {
        lock (_readersLock)
        {
            _actor = actor;
            if (_earlyKill is { } reason)
            {
                actor.Tell(new SessionProtocol.Kill(reason));
            }
        }
    }

    /// <summary>The first process runs its program.</summary>
    public void Start(int pid)
    {
        _pid = pid;
        streams.CloseGuestEnds();
        _start.TrySetResult(this);
    }

    /// <summary>It never will.</summary>
    public void FailStart(SandboxLaunchException error)
    {
        streams.CloseGuestEnds();
        _start.TrySetException(error);
    }

    /// <summary>Whether somebody reads events.</summary>
    public bool HasReaders => Events is not null || !Volatile.Read(ref _readers).IsEmpty;

    /// <summary>Passes an event on to the readers.</summary>
    public void Publish(SandboxEvent happened)
    {
        Events?.TryWrite(happened);
        foreach (var reader in _readers)
        {
            reader.Writer.TryWrite(happened);
        }
    }

    /// <summary>The last word.</summary>
    public void Complete(SandboxResult result)
    {
        streams.CloseGuestEnds();
        lock (_readersLock)
        {
            _completion.TrySetResult(result with { Rules = Rules });
            foreach (var reader in _readers)
            {
                reader.Writer.TryComplete();
            }
        }

        Events?.TryComplete();
        _start.TrySetResult(this);
    }

    /// <summary>The session's actor is gone before its time.</summary>
    public void Abandon(string reason)
    {
        FailStart(new SandboxLaunchException(reason, "session", _pid, Errno.ECANCELED));
        Complete(new SandboxResult
        {
            Reason = EndReason.Faulted,
            Exit = new ExitStatus(0, 9, false),
            Violations = [],
            ViolationCount = 0,
            Processes = [],
            WallTime = default,
            UserTime = default,
            SystemTime = default,
            PeakMemory = 0,
            Stops = new StopCounts(),
            Fault = reason,
        });
    }

    void ISessionSink.Spawned(int pid) => _actor.Tell(new SessionProtocol.RootSpawned(pid));

    void ISessionSink.LaunchFailed(string operation, int pid, Errno errno) =>
        _actor.Tell(new SessionProtocol.LaunchFailed(operation, pid, errno));

    void ISessionSink.Unexpected(int tid) => _actor.Tell(new SessionProtocol.StrangerKilled(tid));

    void ISessionSink.Faulted(string operation, int pid, Errno errno) =>
        _actor.Tell(new SessionProtocol.Faulted(operation, pid, errno.ToString()));

    private async IAsyncEnumerable<SandboxEvent> ReadAsync(
        Channel<SandboxEvent> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in reader.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        finally
        {
            lock (_readersLock)
            {
                _readers = _readers.Remove(reader);
                reader.Writer.TryComplete();
            }
        }
    }

    private static InvalidOperationException NotPiped(string name) =>
        new($"the guest's standard {name} is not piped; ask for GuestStream.Piped in the spec");
}
