using System.Diagnostics;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Keeps a guest that stops often on the tracer's CPU, and lets one that computes roam. A stop across CPUs costs ten times its work: a
/// sleeping CPU must be woken for every stop and again for every resume; and the scheduler, left alone, puts a resumed guest on an idle CPU
/// each time. Owned by one loop thread.
/// </summary>
/// <remarks>
/// The rule is by task: after <see cref="StreakToPlace"/> stops in a row less than <see cref="CloseMicroseconds"/> apart it is given the tracer's CPU, at
/// a stop (or a sweep) that finds it quiet its own mask comes back, and a new task starts where its maker is. The guest cannot see it: its affinity calls
/// stop, and find it unplaced. Ideas that were worse: the whole session on one CPU (a parallel build loses half of its time); the tracer following the
/// guest (the scheduler moves the guest away at the next resume); stops less than 150 microseconds apart only (a shell that forks and waits has longer
/// pauses than that, and pays for five wake-ups a round).
/// </remarks>
internal sealed class Placement : IDisposable
{
    private const int StreakToPlace = 3;
    private const long CloseMicroseconds = 1_000;
    private const long QuietMicroseconds = 4_000;
    private const int SweepMilliseconds = 5;

    private static readonly long Close = CloseMicroseconds * Stopwatch.Frequency / 1_000_000;
    private static readonly long Quiet = QuietMicroseconds * Stopwatch.Frequency / 1_000_000;

    private readonly byte[] _own = new byte[Sched.MaskBytes];
    private readonly byte[] _one = new byte[Sched.MaskBytes];
    private readonly HashSet<Tracee> _placed = [];
    private readonly HashSet<int> _births = [];
    private readonly Timer _timer;
    private readonly bool _isUseful;
    private bool _isSweeping;

    public Placement(Action wake)
    {
        _isUseful = Sched.GetAffinity(0, _own).IsSuccess && CountCpus(_own) > 1;
        _timer = new Timer(static w => ((Action)w!)(), wake, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>A task was stopped.</summary>
    public void OnStop(Tracee tracee, long now)
    {
        if (!_isUseful || tracee.IsUnplaceable)
        {
            return;
        }

        var since = now - tracee.LastStop;
        tracee.LastStop = now;
        if (tracee.IsPlaced)
        {
            if (since > Quiet)
            {
                Release(tracee);
            }
        }
        else if (since < Close)
        {
            if (++tracee.Streak >= StreakToPlace)
            {
                Place(tracee);
            }
        }
        else
        {
            tracee.Streak = 0;
        }
    }

    /// <summary>A task makes another, which inherits its CPUs.</summary>
    public void OnFork(Tracee maker, int child)
    {
        if (maker.IsPlaced)
        {
            _births.Add(child);
        }
    }

    /// <summary>A task became known.</summary>
    public void OnAdopt(Tracee tracee, long now)
    {
        tracee.LastStop = now;
        if (_births.Remove(tracee.Tid))
        {
            tracee.IsPlaced = true;
            _placed.Add(tracee);
        }
    }

    /// <summary>A task is gone.</summary>
    public void OnExit(Tracee tracee)
    {
        if (tracee.IsPlaced)
        {
            tracee.IsPlaced = false;
            _placed.Remove(tracee);
        }
    }

    /// <summary>Gives a task its own CPUs back, for good when it chooses them itself.</summary>
    public void Unplace(Tracee tracee, bool forGood)
    {
        tracee.IsUnplaceable |= forGood;
        if (tracee.IsPlaced)
        {
            Release(tracee);
        }
    }

    /// <summary>Lets go of tasks that have been quiet; called when the loop wakes.</summary>
    public void Sweep(long now)
    {
        foreach (var tracee in _placed)
        {
            if (tracee.State == TraceeState.Running && now - tracee.LastStop > Quiet)
            {
                Release(tracee);
            }
        }

        if (_placed.Count == 0 && _isSweeping)
        {
            _isSweeping = false;
            _timer.Change(Timeout.Infinite, Timeout.Infinite);
            _ = Sched.SetAffinity(0, _own);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Place(Tracee tracee)
    {
        if (!_isSweeping)
        {
            // Where we run now, and from here on stay: the guest is to find us there.
            var cpu = Sched.CurrentCpu;
            Array.Clear(_one);
            _one[cpu / 8] = (byte)(1 << (cpu % 8));
            _ = Sched.SetAffinity(0, _one);
            _isSweeping = true;
            _timer.Change(SweepMilliseconds, SweepMilliseconds);
        }

        if (Sched.SetAffinity(tracee.Tid, _one).IsSuccess)
        {
            tracee.IsPlaced = true;
            _placed.Add(tracee);
        }
    }

    private void Release(Tracee tracee)
    {
        _ = Sched.SetAffinity(tracee.Tid, _own);
        tracee.IsPlaced = false;
        tracee.Streak = 0;
        _placed.Remove(tracee);
    }

    private static int CountCpus(ReadOnlySpan<byte> mask)
    {
        var count = 0;
        foreach (var bits in mask)
        {
            count += System.Numerics.BitOperations.PopCount(bits);
        }

        return count;
    }
}
