using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Catbox.Runtime.Auditing;

/// <summary>
/// The way from a session's actors to its auditor: an unbounded channel (a verdict never waits for it), and a flag that keeps the
/// tracer thread from waking the auditor when it is awake anyway.
/// </summary>
/// <param name="hearsProcesses">Tells whether somebody wants to hear of processes as they come and go; by default somebody does.</param>
internal sealed class AuditTrail(Func<bool>? hearsProcesses = null)
{
    private readonly Channel<AuditItem> _items = Channel.CreateUnbounded<AuditItem>(new() { SingleReader = true });
    private readonly ConcurrentQueue<ViolationDraft> _drafts = new();
    private Action? _wake;
    private int _awake;

    /// <summary>What the auditor reads.</summary>
    public ChannelReader<AuditItem> Items => _items.Reader;

    /// <summary>
    /// Whether somebody wants to hear of processes as they come and go. Where nobody does, an auditor that is woken for each of them only takes a CPU away
    /// from the build.
    /// </summary>
    public bool HearsProcesses => hearsProcesses?.Invoke() ?? true;

    /// <summary>Tells how the auditor is woken.</summary>
    public void WakeBy(Action wake)
    {
        _wake = wake;
        if (Volatile.Read(ref _awake) != 0)
        {
            wake();
        }
    }

    /// <summary>A draft to fill, used before where there is one.</summary>
    public ViolationDraft Rent() => _drafts.TryDequeue(out var draft) ? draft : new ViolationDraft();

    /// <summary>Gives a draft back.</summary>
    public void Return(ViolationDraft draft) => _drafts.Enqueue(draft);

    /// <summary>Appends an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wakes">Whether the auditor is woken for it; else it waits until another item does.</param>
    public void Add(in AuditItem item, bool wakes = true)
    {
        _items.Writer.TryWrite(item);
        if (wakes && Volatile.Read(ref _awake) == 0 && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            _wake?.Invoke();
        }
    }

    /// <summary>Appends the last item and wakes the auditor at once.</summary>
    public void Finish(SessionEnd end)
    {
        _items.Writer.TryWrite(new AuditItem { End = end });
        Interlocked.Exchange(ref _awake, 1);
        _wake?.Invoke();
    }

    /// <summary>The auditor found nothing and would sleep.</summary>
    /// <returns>False when something has come meanwhile: look again.</returns>
    public bool TrySleep()
    {
        Interlocked.Exchange(ref _awake, 0);
        return !_items.Reader.TryPeek(out _) || Interlocked.Exchange(ref _awake, 1) == 1;
    }
}
