using System.Threading.Channels;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing;

namespace Catbox.Testing;

/// <summary>
/// A tracer without a kernel: it keeps the commands that actors send, in order, and lets a test publish stops into the sinks that they gave. What a
/// guest's memory, paths and processes look like is scripted too. Thread-safe, as a real one is.
/// </summary>
internal sealed class ScriptedTracer : ITracerPort
{
    /// <summary>After so long a command that was waited for is missing. Nothing here takes a thousandth of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<TracerCommand> _sent = [];
    private readonly Dictionary<int, TracerCommand> _adopted = [];
    private readonly Channel<TracerCommand> _unread = Channel.CreateUnbounded<TracerCommand>();
    private long _sequence;

    /// <summary>The memory of every guest: they share one.</summary>
    public ScriptedMemory Memory { get; } = new();

    /// <summary>The file system of every guest.</summary>
    public ScriptedPaths Paths { get; } = new();

    /// <summary>Who makes calls in a guest's place: nobody, unless a test says so.</summary>
    public ICallsOnBehalf Calls { get; set; } = NoCallsOnBehalf.Instance;

    /// <summary>What the kernel tells of processes.</summary>
    public ScriptedInspector Processes { get; } = new();

    /// <summary>A process that cannot be adopted: the command throws. 0 for none.</summary>
    public int Refused { get; set; }

    /// <inheritdoc/>
    public ITraceeInspector Inspector => Processes;

    /// <summary>Every command so far, in order, read or not.</summary>
    public IReadOnlyList<TracerCommand> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    /// <inheritdoc/>
    public void Send(in TracerCommand command)
    {
        lock (_lock)
        {
            _sent.Add(command);
            if (command.Kind == TracerCommandKind.AdoptProcess)
            {
                if (command.Tid == Refused)
                {
                    throw new InvalidOperationException($"process {Refused} cannot be adopted");
                }

                _adopted[command.Tid] = command;
            }
        }

        _unread.Writer.TryWrite(command);
    }

    /// <inheritdoc/>
    public ITraceeMemory MemoryOf(int pid, int tid) => Memory;

    /// <inheritdoc/>
    public IPathResolver PathsOf(int pid, int tid) => Paths;

    /// <summary>How many judgements from now on come to a file system that may not answer.</summary>
    public int FarJudgements { get; set; }

    /// <inheritdoc/>
    public bool AsksElsewhere(int pid, int tid, long sequence) => FarJudgements > 0 && FarJudgements-- > 0;

    /// <inheritdoc/>
    public ICallsOnBehalf CallsOf(int pid, int tid) => Calls;

    /// <summary>The calls that were made in a slot, by their numbers.</summary>
    public List<long> InSlots { get; } = [];

    /// <inheritdoc/>
    public void MakeInSlot(int tid, long sequence, SlotCall call)
    {
        lock (_lock)
        {
            InSlots.Add(call.Number);
        }

        // To a test that does not look closer it is a way of resuming.
        Send(TracerCommand.Resume(tid, sequence));
    }

    /// <summary>The next command that no earlier call has given.</summary>
    /// <exception cref="InvalidOperationException">None came.</exception>
    public async Task<TracerCommand> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _unread.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"no command came in {Patience.TotalSeconds} s after {Told(Sent)}");
        }
    }

    /// <summary>The next command, which must be of a kind.</summary>
    /// <exception cref="InvalidOperationException">It is another one, or none came.</exception>
    public async Task<TracerCommand> ExpectAsync(TracerCommandKind kind)
    {
        var command = await NextAsync();
        return command.Kind == kind
            ? command
            : throw new InvalidOperationException($"{kind} was expected, and {command.Kind} came (pid {command.Tid}, value {command.Value}); all: {Told(Sent)}");
    }

    /// <summary>The answers to a stop: a correct actor gives exactly one, or kills.</summary>
    public IReadOnlyList<TracerCommand> AnswersTo(long sequence) =>
        [.. Sent.Where(command => command.Sequence == sequence
            && command.Kind is TracerCommandKind.Resume or TracerCommandKind.Answer or TracerCommandKind.Listen)];

    /// <summary>A thread of a process that an actor has adopted; its leader when no tid is given.</summary>
    /// <exception cref="InvalidOperationException">Nobody has adopted the process.</exception>
    public ScriptedThread Thread(int pid, int? tid = null)
    {
        // An actor adopts its process on a thread of its own.
        SpinWait.SpinUntil(() => IsAdopted(pid), Patience);
        lock (_lock)
        {
            return _adopted.TryGetValue(pid, out var adopted)
                ? new ScriptedThread(this, adopted.Session!, adopted.Sink!, pid, tid ?? pid)
                : throw new InvalidOperationException($"no actor has adopted process {pid}");
        }
    }

    private bool IsAdopted(int pid)
    {
        lock (_lock)
        {
            return _adopted.ContainsKey(pid);
        }
    }

    /// <summary>A number for the next stop.</summary>
    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    private static string Told(IReadOnlyList<TracerCommand> commands) => string.Join(", ", commands.Select(command => command.Kind));
}
