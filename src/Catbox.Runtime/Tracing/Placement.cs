using System.Diagnostics;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Keeps guests on the tracer's CPU while one CPU is enough for them, and lets those roam that would wait for it. A stop across CPUs costs ten times its
/// work: a sleeping CPU must be woken for every stop and again for every resume; and the scheduler, left alone, puts a resumed guest on an idle CPU
/// each time. Owned by one loop thread.
/// </summary>
/// <remarks>
/// <para>The rule is by task. After <see cref="StreakToPlace"/> stops in a row less than <see cref="CloseMicroseconds"/> apart it is given the tracer's CPU; a
/// new task starts where its maker is. A sweep looks at those that have been quiet: who waited for the CPU for more than a quarter of the time
/// gets its own mask back, and so does, after <see cref="StaleMilliseconds"/>, who wants none. A serial build so stays on one CPU from end to end, and of a
/// parallel one those that compute leave within two sweeps. The guest cannot see it: its affinity calls stop, and find it unplaced.</para>
/// <para>Ideas that were worse: the whole session on one CPU (a parallel build loses half of its time); the tracer following the guest (the
/// scheduler moves the guest away at the next resume); stops less than 150 microseconds apart only (a shell that forks and waits has longer pauses than
/// that, and pays for five wake-ups a round); letting go of whoever has been quiet for 4 ms (a serial build then loses its shells at each
/// compilation, and every child of theirs starts on the wrong CPU).</para>
/// </remarks>
internal sealed class Placement
{
    /// <summary>Where a thread is that was not told.</summary>
    public const int Anywhere = -1;

    private const int StreakToPlace = 3;
    private const long CloseMicroseconds = 1_000;
    private const long QuietMicroseconds = 4_000;
    private const long StaleMilliseconds = 2_000;
    private const long ShortestSweep = 5_000_000;
    private const long LongestSweep = 80_000_000;

    private static readonly long Close = CloseMicroseconds * Stopwatch.Frequency / 1_000_000;
    private static readonly long Quiet = QuietMicroseconds * Stopwatch.Frequency / 1_000_000;
    private static readonly long Stale = StaleMilliseconds * Stopwatch.Frequency / 1_000;

    private readonly byte[] _own = new byte[Sched.MaskBytes];
    private readonly byte[] _one = new byte[Sched.MaskBytes];
    private readonly HashSet<Tracee> _placed = [];
    private readonly HashSet<int> _births = [];
    private readonly Action<long> _tickAfter;
    private readonly bool _isUseful;
    private bool _isStopping;
    private int _seat = Anywhere;
    private long _lastSweep;
    private long _interval;

    /// <param name="tickAfter">Asks for a call of <see cref="Sweep"/> in so many nanoseconds, or (0) for none.</param>
    public Placement(Action<long> tickAfter)
    {
        _tickAfter = tickAfter;
        _isUseful = Sched.GetAffinity(0, _own).IsSuccess && CountCpus(_own) > 1;
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
        _isStopping = true;
        if (tracee.IsPlaced)
        {
            return;
        }

        if (since < Close)
        {
            if (++tracee.Streak >= StreakToPlace)
            {
                Place(tracee, now);
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

    /// <summary>Has a thread that works for the loop be where the loop is: another CPU would have to be woken for it.</summary>
    /// <param name="tid">The thread.</param>
    /// <param name="seat">Where it was the last time; <see cref="Anywhere"/> before.</param>
    public void Seat(int tid, ref int seat)
    {
        if (seat != _seat)
        {
            _ = Sched.SetAffinity(tid, _seat == Anywhere ? _own : _one);
            seat = _seat;
        }
    }

    /// <summary>Lets go of tasks that are better off elsewhere.</summary>
    public void Sweep(long now)
    {
        var before = _lastSweep;
        var elapsed = (now - before) * 1_000_000_000 / Stopwatch.Frequency;
        _lastSweep = now;
        foreach (var tracee in _placed)
        {
            var quiet = now - tracee.LastStop;
            if (tracee.State != TraceeState.Running || quiet < Quiet)
            {
                continue;
            }

            var waited = Sched.TryReadRunDelay(tracee.Tid, out var delay) ? delay - tracee.RunDelay : long.MaxValue;
            var wasWatched = tracee.WatchedAt == before;
            if (quiet > Stale || waited == long.MaxValue || (wasWatched && waited > elapsed / 4))
            {
                Release(tracee);
            }

            tracee.RunDelay = delay;
            tracee.WatchedAt = now;
        }

        _interval = _isStopping ? ShortestSweep : Math.Min(_interval * 2, LongestSweep);
        _isStopping = false;
        if (_placed.Count == 0)
        {
            _interval = 0;
            _seat = Anywhere;
            _ = Sched.SetAffinity(0, _own);
        }

        _tickAfter(_interval);
    }

    private void Place(Tracee tracee, long now)
    {
        if (_interval == 0)
        {
            // Where we run now, and from here on stay: the guest is to find us there.
            var cpu = Sched.CurrentCpu;
            Array.Clear(_one);
            _one[cpu / 8] = (byte)(1 << (cpu % 8));
            _ = Sched.SetAffinity(0, _one);
            _seat = cpu;
            _lastSweep = now;
            _interval = ShortestSweep;
            _tickAfter(_interval);
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
