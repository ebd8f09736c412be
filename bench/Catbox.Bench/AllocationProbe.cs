namespace Catbox.Bench;

/// <summary>
/// A clock that notes what its thread has allocated. The engine reads its clock on the tracer thread at each violation, so the difference of two
/// readings is what the stops in between have allocated there.
/// </summary>
internal sealed class AllocationProbe : TimeProvider
{
    private readonly List<(int Thread, long Bytes)> _readings = new(4_000_000);

    /// <summary>The readings, in order, of whatever thread.</summary>
    public IReadOnlyList<(int Thread, long Bytes)> Readings => _readings;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_readings)
        {
            _readings.Add((Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread()));
        }

        return base.GetUtcNow();
    }
}
