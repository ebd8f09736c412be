namespace Catbox.Runtime.Actors;

/// <summary>
/// Takes the CPU time of children out of their parent's: what wait4(2) reports of a traced process is RUSAGE_BOTH, its own and that of the children that
/// it has waited for, so that a sum over processes would count the deepest ones once for each ancestor.
/// </summary>
/// <remarks>A child that ended before its parent is taken to have been waited for; where it was not (SIGCHLD ignored) the parent is told too little, never
/// less than nothing.</remarks>
internal sealed class CpuAccounts
{
    private readonly Dictionary<long, (TimeSpan User, TimeSpan System)> _ofChildren = [];

    /// <summary>A process began.</summary>
    public void Open(long generation) => _ofChildren[generation] = default;

    /// <summary>A process ended.</summary>
    /// <returns>Its record with its own time alone.</returns>
    public ProcessRecord Close(ProcessRecord record)
    {
        _ofChildren.Remove(record.Generation, out var children);
        if (record.ParentPid != 0 && _ofChildren.TryGetValue(record.ParentGeneration, out var siblings))
        {
            _ofChildren[record.ParentGeneration] = (siblings.User + record.UserTime, siblings.System + record.SystemTime);
        }

        return record with
        {
            UserTime = Own(record.UserTime, children.User),
            SystemTime = Own(record.SystemTime, children.System),
        };
    }

    private static TimeSpan Own(TimeSpan both, TimeSpan children) => both > children ? both - children : TimeSpan.Zero;
}
