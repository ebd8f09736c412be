using System.Threading.Channels;
using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Paths;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// The tracer: one dedicated thread that owns ptrace and wait4. It publishes raw stops into the channels of processes, runs the mailboxes of the
/// actors that live on it right after, and carries out the commands that they sent. Loops share nothing with each other.
/// </summary>
internal sealed partial class TracerLoop : ITracerPort, IAsyncDisposable
{
    private readonly Dictionary<int, Tracee> _tracees = [];
    private readonly Dictionary<int, TracedProcess> _processes = [];
    private readonly Dictionary<int, TracedSession> _stubs = [];
    private readonly Channel<TracerCommand> _commands = Channel.CreateUnbounded<TracerCommand>(new() { SingleReader = true });
    private readonly Doorbell _doorbell = new();
    private readonly Placement _placement;
    private readonly TraceeMemory _memory;
    private readonly LocalFileSystems _fileSystems = new();
    private readonly FarMemory _far;
    private readonly FarLookers _lookers;
    private readonly DeepNames _deep;
    private readonly TraceePathResolver _paths;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly bool _hasSiblings;
    private CallsOnBehalf? _calls;
    private ILoopWork? _work;
    private long _sequence;
    private Rusage _usage;
    private volatile bool _stopping;

    /// <summary>Makes a loop; <see cref="StartAsync"/> starts its thread.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="hasSiblings">Whether there are other loops, whose guests may hold what this one's wait for.</param>
    public TracerLoop(string name, bool hasSiblings = false)
    {
        _hasSiblings = hasSiblings;
        _memory = new TraceeMemory(this);
        _far = new FarMemory(HandsOver);
        _deep = new DeepNames(_fileSystems);
        _lookers = new FarLookers(command => Send(command));
        _paths = new TraceePathResolver(_deep, _far);
        Inspector = new TraceeInspector(_far);
        _scopes = new ScopeCheck(_deep);
        _relative = new RelativeWay(_deep);
        _placement = new Placement(_doorbell.TickAfter);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <inheritdoc/>
    public ITraceeInspector Inspector { get; }

    /// <summary>Whether the caller is the tracer thread.</summary>
    public bool IsLoopThread => Thread.CurrentThread == _thread;

    /// <summary>Starts the thread and its doorbell.</summary>
    /// <exception cref="SandboxLaunchException">ptrace is not to be had.</exception>
    public Task StartAsync()
    {
        _thread.Start();
        return _started.Task;
    }

    /// <summary>Gives the loop the actors' mailboxes to run. Before the first session.</summary>
    public void Attach(ILoopWork work) => Volatile.Write(ref _work, work);

    /// <inheritdoc/>
    public void Send(in TracerCommand command)
    {
        _commands.Writer.TryWrite(command);
        Wake();
    }

    /// <summary>Makes the loop look at its queues.</summary>
    public void Wake()
    {
        if (!IsLoopThread)
        {
            _doorbell.Ring();
        }
    }

    /// <inheritdoc/>
    public ITraceeMemory MemoryOf(int pid, int tid) => _memory.Bind(_processes.GetValueOrDefault(pid), tid);

    /// <inheritdoc/>
    public IPathResolver PathsOf(int pid, int tid)
    {
        _paths.Bind(pid, tid);
        _far.Bind(_tracees.GetValueOrDefault(tid));
        return _paths;
    }

    /// <inheritdoc/>
    public bool AsksElsewhere(int pid, int tid, long sequence)
    {
        if (_far.TakeQuestion() is not { } question)
        {
            return false;
        }

        AskElsewhere(pid, tid, sequence, question);
        return true;
    }

    /// <inheritdoc/>
    public bool SharesDescriptors(int tid) => !_tracees.TryGetValue(tid, out var tracee) || tracee.Descriptors.IsShared;

    /// <inheritdoc/>
    public ICallsOnBehalf CallsOf(int pid, int tid) => (ICallsOnBehalf?)_calls?.Bind(_tracees.GetValueOrDefault(tid)) ?? NoCallsOnBehalf.Instance;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            Wake();
            await _ended.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Opens the memory of a process by way of one of its threads: a leader that has ended has none any more.</summary>
    internal Errno OpenMemory(TracedProcess process, int tid, out int fd)
    {
        Span<byte> buffer = stackalloc byte[ProcPath.Size];
        var path = ProcPath.Write(buffer, tid, "/mem"u8);
        var error = OpenProc(path, Io.O_RDWR, out fd);
        process.MemoryFd = error.IsSuccess ? fd : -1;
        return error;
    }

    /// <summary>Opens a file of a task's directory in /proc.</summary>
    private Errno OpenProc(ReadOnlySpan<byte> path, int flags, out int fd)
    {
        var error = Io.Open(path, flags, 0, out fd);
        if (error == Errno.ENFILE || error == Errno.EMFILE)
        {
            // The descriptors are a cache, so empty it and try again.
            foreach (var other in _processes.Values)
            {
                Io.Close(other.MemoryFd);
                other.MemoryFd = -1;
            }

            error = Io.Open(path, flags, 0, out fd);
        }

        return error;
    }

    private void AskElsewhere(int pid, int tid, long sequence, FarQuestion question)
    {
        question.AskedAfter = _lateChanges > 0 ? -1 : _walks.Changes;
        _lookers.Ask(pid, tid, sequence, question);
    }

    private void Run()
    {
        try
        {
            var (operation, errno) = _doorbell.Open();
            if (!errno.IsSuccess)
            {
                _started.SetException(new SandboxLaunchException(
                    $"{operation}: {errno}; `catbox doctor` tells what this machine allows", operation, 0, errno));
                return;
            }

            try
            {
                _calls = CallsOnBehalf.ForThisThread(this, _deep, _fileSystems, _far.Mounts);
            }
            catch (SandboxLaunchException e)
            {
                _doorbell.Close();
                _started.SetException(e);
                return;
            }

            if (!TryMakeFirstHand())
            {
                _doorbell.Close();
                _started.SetException(new SandboxLaunchException("a thread for calls on behalf could not be made", "unshare", 0, Errno.EPERM));
                return;
            }

            _started.SetResult();
            while (!_stopping)
            {
                RunQueued();
                WaitOnce();
            }

            KillEverything();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Mailboxes and commands, until there are none: one leads to the other.</summary>
    private void RunQueued()
    {
        bool any;
        do
        {
            any = _work?.RunQueued() ?? false;
            while (_commands.Reader.TryRead(out var command))
            {
                any = true;
                Carry(command);
            }
        }
        while (any);
    }

    /// <summary>The loop ends: nobody survives it (and PTRACE_O_EXITKILL is the floor should this thread die instead).</summary>
    private void KillEverything()
    {
        foreach (var process in _processes.Keys)
        {
            _ = Signals.Kill(process, Signals.SIGKILL);
        }

        foreach (var stub in _stubs.Keys)
        {
            _ = Signals.Kill(stub, Signals.SIGKILL);
        }

        foreach (var (task, status) in _unclaimed)
        {
            // Of the others only their end was kept, and their numbers may be somebody else's by now.
            if (status.IsStopped)
            {
                _ = Signals.Kill(task, Signals.SIGKILL);
            }
        }

        _doorbell.Close();
        for (int tid; (tid = Wait.Any(0, out var status, ref _usage)) > 0;)
        {
            // Told to whoever still waits for them.
            Observe(tid, status);
            RunQueued();
        }

        foreach (var process in _processes.Values)
        {
            Io.Close(process.MemoryFd);
        }

        foreach (var hand in _hands)
        {
            hand.Dispose();
        }

        _lookers.Dispose();
    }
}
