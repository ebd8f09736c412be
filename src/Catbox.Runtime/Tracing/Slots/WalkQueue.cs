namespace Catbox.Runtime.Tracing.Slots;

/// <summary>Who walks a path that nobody may change, and who waits to change one. Owned by the loop thread.</summary>
internal sealed class WalkQueue
{
    /// <summary>
    /// How many walks let a change go first that was waiting for one: it was started over, and may as well be killed or run a handler of a signal, so that it is not waited
    /// for longer.
    /// </summary>
    private const int Courtesy = 16;

    private readonly List<Tracee> _walkers = [];
    private readonly Queue<(int Tid, long Sequence)> _changes = new();
    private int _courtesy;

    /// <summary>How many changes of directories were begun.</summary>
    public long Changes { get; private set; }

    /// <summary>Whether anybody walks.</summary>
    public bool IsWalked => _walkers.Count > 0;

    /// <summary>Those who do.</summary>
    public IReadOnlyList<Tracee> Walkers => _walkers;

    /// <summary>A walk begins.</summary>
    public void Begin(Tracee walker) => _walkers.Add(walker);

    /// <summary>It has ended.</summary>
    /// <returns>False where it had not begun, or ended before.</returns>
    public bool End(Tracee walker) => _walkers.Remove(walker);

    /// <summary>A change waits in its stop.</summary>
    public void Await(Tracee changer) => _changes.Enqueue((changer.Tid, changer.Sequence));

    /// <summary>The next change to start over; none as long as anybody walks.</summary>
    public bool TryRelease(out int tid, out long sequence)
    {
        (tid, sequence) = (0, 0);
        if (IsWalked || !_changes.TryDequeue(out var change))
        {
            return false;
        }

        (tid, sequence) = change;
        _courtesy = Courtesy;
        return true;
    }

    /// <summary>Whether a walk has to let a change go first.</summary>
    public bool IsChangeDue() => _courtesy > 0 && _courtesy-- > 0;

    /// <summary>A change is made.</summary>
    public void Changed()
    {
        Changes++;
        _courtesy = 0;
    }
}
