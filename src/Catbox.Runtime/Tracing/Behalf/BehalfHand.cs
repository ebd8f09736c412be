using System.Diagnostics;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// A thread that makes calls on behalf in the loop's place, since such a call waits for whoever holds the inode, and a guest can hold one as long as a large write takes. It has
/// credentials, umask and working directory of its own. The loop hands it one call at a time, and waits a little; a call that is late then is told of by a command.
/// </summary>
internal sealed class BehalfHand : IDisposable
{
    private const int Working = 0, Finished = 1, Late = 2;

    // How many calls were handed over, and how far the last one is.
    private readonly int[] _begun = Futex.NewWord();
    private readonly int[] _phase = Futex.NewWord();
    private readonly Action<TracerCommand> _send;
    private BehalfOperation _operation;
    private Tracee? _tracee;
    private long _sequence;
    private PinState _state;
    private long _result;
    private int _tid;
    private int _seat = Placement.Anywhere;
    private volatile bool _isStale;
    private volatile bool _isBroken;
    private volatile bool _isOver;

    private BehalfHand(TracerLoop loop, FarMounts far, Action<TracerCommand> send)
    {
        _send = send;
        new Thread(() => Work(loop, far)) { Name = "catbox-hand", IsBackground = true }.Start();
        AwaitEnd();
    }

    /// <summary>Its own instance; what prepares and concludes a call is for the loop, as long as it has nothing to do.</summary>
    public CallsOnBehalf? Calls { get; private set; }

    /// <summary>The call that it makes. Nobody else touches it meanwhile.</summary>
    public GuestCall Call { get; private set; } = null!;

    /// <summary>The session whose call it makes.</summary>
    public TracedSession Session => _tracee!.Process.Session;

    /// <summary>Whether its call changes directories.</summary>
    public bool ChangesDirectory => _operation is BehalfOperation.Rename or BehalfOperation.Link or BehalfOperation.Symlink;

    /// <summary>Makes one, by the calling thread's credentials.</summary>
    /// <returns>Null where the kernel does not let it.</returns>
    public static BehalfHand? TryMake(TracerLoop loop, FarMounts far, Action<TracerCommand> send)
    {
        var hand = new BehalfHand(loop, far, send);
        return hand.Calls is null ? null : hand;
    }

    /// <summary>What was learned of mounts may be old.</summary>
    public void Refresh() => _isStale = true;

    /// <summary>Has it be where the loop is.</summary>
    public void SitDown(Placement placement) => placement.Seat(_tid, ref _seat);

    /// <summary>Hands over a call that was prepared.</summary>
    public void Begin(BehalfOperation operation, GuestCall call, Tracee tracee)
    {
        _operation = operation;
        _tracee = tracee;
        _sequence = tracee.Sequence;
        Call = call;
        Volatile.Write(ref _phase[0], Working);
        Order();
    }

    /// <summary>Waits for the call.</summary>
    /// <returns>False where it is late: a command tells of it.</returns>
    public bool Finishes(int milliseconds)
    {
        var began = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _phase[0]) == Working)
        {
            var left = TimeSpan.FromMilliseconds(milliseconds) - Stopwatch.GetElapsedTime(began);
            if (left > TimeSpan.Zero)
            {
                _ = Futex.Wait(_phase, Working, (long)left.TotalNanoseconds);
            }
            else if (Interlocked.CompareExchange(ref _phase[0], Late, Working) == Working)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What came of it, on the loop thread.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="tracee">Null where it has gone meanwhile.</param>
    /// <param name="result">What the guest gets.</param>
    public BehalfOutcome Conclude(TracerLoop loop, Tracee? tracee, out long result)
    {
        result = _result;
        if (_isBroken)
        {
            loop.Fail("a call on a guest's behalf", Policy.Errno.EIO);
            return BehalfOutcome.Done;
        }

        return Calls!.Conclude(tracee, _state, ref result);
    }

    /// <summary>Lets the thread end, when its call has.</summary>
    public void Dispose()
    {
        _isOver = true;
        Order();
    }

    private void Order()
    {
        Interlocked.Increment(ref _begun[0]);
        Futex.Wake(_begun);
    }

    private void AwaitEnd()
    {
        while (Volatile.Read(ref _phase[0]) == Working)
        {
            _ = Futex.Wait(_phase, Working);
        }
    }

    private void End()
    {
        Volatile.Write(ref _phase[0], Finished);
        Futex.Wake(_phase);
    }

    private void Work(TracerLoop loop, FarMounts far)
    {
        _tid = Sched.CurrentThread;
        try
        {
            var fileSystems = new LocalFileSystems();
            Calls = CallsOnBehalf.ForThisThread(loop, new DeepNames(fileSystems), fileSystems, far);
        }
        catch (SandboxLaunchException)
        {
            End();
            return;
        }

        End();
        for (var made = 0; ; made++)
        {
            while (Volatile.Read(ref _begun[0]) == made)
            {
                _ = Futex.Wait(_begun, made);
            }

            if (_isOver)
            {
                return;
            }

            MakeOne(Calls);
            if (Interlocked.CompareExchange(ref _phase[0], Finished, Working) == Working)
            {
                Futex.Wake(_phase);
            }
            else
            {
                _send(TracerCommand.LateCallEnded(_tracee!.Tid, _sequence, this));
            }
        }
    }

    private void MakeOne(CallsOnBehalf calls)
    {
        try
        {
            if (_isStale)
            {
                _isStale = false;
                calls.ForgetMounts();
            }

            _state = calls.Make(_operation, Call.Request, Call.Judgement, _tracee!, out _result);
        }
#pragma warning disable CA1031 // Fail closed: whatever it was, nobody knows with whose credentials this thread is left, and the loop ends.
        catch (Exception)
#pragma warning restore CA1031
        {
            _isBroken = true;
        }
    }
}
