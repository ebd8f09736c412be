using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Catbox.Policy;

namespace Catbox.Runtime;

/// <summary>A process of the session, as it ended. Records compare by value.</summary>
public sealed record ProcessRecord
{
    /// <summary>Makes a record; its members are set by name.</summary>
    public ProcessRecord()
    {
    }

    [SetsRequiredMembers]
    internal ProcessRecord(
        int pid,
        long generation,
        int parentPid,
        long parentGeneration,
        string executable,
        ImmutableArray<string> arguments,
        DateTimeOffset started,
        DateTimeOffset? ended,
        ExitStatus? status,
        TimeSpan userTime,
        TimeSpan systemTime,
        long peakMemory,
        int threads)
    {
        Pid = pid;
        Generation = generation;
        ParentPid = parentPid;
        ParentGeneration = parentGeneration;
        Executable = executable;
        Arguments = arguments;
        Started = started;
        Ended = ended;
        Status = status;
        UserTime = userTime;
        SystemTime = systemTime;
        PeakMemory = peakMemory;
        Threads = threads;
    }

    /// <summary>Its number.</summary>
    public required int Pid { get; init; }
    /// <summary>Tells two apart that had the same number; rises with the start.</summary>
    public required long Generation { get; init; }
    /// <summary>Who made it, 0 for the first.</summary>
    public required int ParentPid { get; init; }
    /// <summary>The parent's generation.</summary>
    public required long ParentGeneration { get; init; }
    /// <summary>The last program that it executed.</summary>
    public required string Executable { get; init; }
    /// <summary>The arguments of that program.</summary>
    public required ImmutableArray<string> Arguments { get; init => field = value.OrEmpty(); }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Started { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }
    /// <summary>How it ended; null where it was not seen to.</summary>
    public ExitStatus? Status { get; init; }
    /// <summary>CPU time in user mode, without that of its children.</summary>
    public TimeSpan UserTime { get; init; }
    /// <summary>CPU time in the kernel, likewise.</summary>
    public TimeSpan SystemTime { get; init; }
    /// <summary>Peak resident size, bytes: the largest of its own and of the children that it waited for (getrusage(2), ru_maxrss).</summary>
    public long PeakMemory { get; init; }
    /// <summary>How many threads it ever had, the first included.</summary>
    public int Threads { get; init; }

    /// <summary>Compares by value, arguments included.</summary>
    public bool Equals(ProcessRecord? other) =>
        other is not null && Pid == other.Pid && Generation == other.Generation && ParentPid == other.ParentPid
        && ParentGeneration == other.ParentGeneration && Executable == other.Executable && Arguments.HasSame(other.Arguments)
        && Started == other.Started && Ended == other.Ended && Status == other.Status && UserTime == other.UserTime
        && SystemTime == other.SystemTime && PeakMemory == other.PeakMemory && Threads == other.Threads;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pid, Generation, Executable, Arguments.HashOfItems(), Started, Ended, Status, PeakMemory);
}
