using System.Collections.Immutable;

namespace Catbox.Runtime;

/// <summary>A process of the session, as it ended.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Generation">Tells two apart that had the same number; rises with the start.</param>
/// <param name="ParentPid">Who made it, 0 for the first.</param>
/// <param name="ParentGeneration">The parent's generation.</param>
/// <param name="Executable">The last program that it executed.</param>
/// <param name="Arguments">The arguments of that program.</param>
/// <param name="Started">When it was made.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Status">How it ended; null where it was not seen to.</param>
/// <param name="UserTime">CPU time in user mode, without that of its children.</param>
/// <param name="SystemTime">CPU time in the kernel, likewise.</param>
/// <param name="PeakMemory">Peak resident size, bytes: the largest of its own and of the children that it waited for (getrusage(2), ru_maxrss).</param>
/// <param name="Threads">How many threads it ever had, the first included.</param>
public sealed record ProcessRecord(
    int Pid,
    long Generation,
    int ParentPid,
    long ParentGeneration,
    string Executable,
    ImmutableArray<string> Arguments,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    ExitStatus? Status,
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long PeakMemory,
    int Threads);
