using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Filtering;

/// <summary>
/// Compiles the calls' table and a session's set of stops to a seccomp filter: what nobody needs to see is let through by the kernel, what registers alone decide is decided there, the rest
/// stops with SECCOMP_RET_TRACE.
/// <list type="bullet">
/// <item>A foreign architecture (int 0x80, a far jump to 32-bit code) kills the process, before anything else is looked at.</item>
/// <item>A number without a row, beyond the table or of x32 (from 0x40000000) is answered ENOSYS, as by a kernel that lacks it.</item>
/// <item>Rows follow by <see cref="FilterDecisions"/>: their disposition, with the lines of <see cref="RegisterTests"/> before it.</item>
/// </list>
/// The numbers are searched as a balanced tree of intervals. What is let through without a register test depends on the number and the
/// architecture alone: the kernel finds that out at installation and answers it from a bitmap (kernel/seccomp.c, seccomp_is_const_allow).
/// </summary>
internal static class FilterCompiler
{
    /// <summary>__X32_SYSCALL_BIT (arch/x86/include/uapi/asm/unistd.h): numbers from here on are of the x32 ABI.</summary>
    private const int X32SyscallBit = 0x40000000;

    /// <summary>
    /// The filter of all sessions with this set. What happens on a violation is no matter of it: what the filter refuses alone is
    /// refused under collect-only too, since nobody would see it otherwise.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table is not sound: an error number beyond 4095, a number beyond the architecture's,
    /// or a row said to have a register test that has none.</exception>
    internal static FilterProgram Compile(SyscallTable table, StopSet stops) => Compile(table, stops, RegisterTests.All);

    internal static FilterProgram Compile(SyscallTable table, StopSet stops, IReadOnlyList<RegisterTest> registerTests)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(stops);
        var graph = new FilterGraph();
        var decisions = new FilterDecisions(graph, stops, ByCall(registerTests));
        var unknown = decisions.Answer(Errno.ENOSYS);
        var native = Search(graph, Intervals(table, unknown, decisions.Of));
        var root = graph.Load(
            SeccompData.Architecture,
            uint.MaxValue,
            graph.Equal(table.AuditArchitecture, native, graph.Return(SeccompData.ReturnKillProcess)));
        return new FilterProgram(FilterEmitter.Emit(graph, root));
    }

    /// <summary>
    /// The filter that is laid over that of a set, so that the two together are that of a larger one. Of several answers of filters the kernel takes the strictest, so it says nothing of what
    /// the first one decides alone: it stops what the larger set has more, and lets the rest through. A foreign architecture never comes to it alive.
    /// </summary>
    /// <param name="table">The calls.</param>
    /// <param name="before">The set whose filter is there, or that the filters that are there make together.</param>
    /// <param name="after">The larger set.</param>
    /// <returns>The program, or null where nothing stops that did not stop before.</returns>
    /// <exception cref="ArgumentException">
    /// The second set lacks something of the first, or wants to hear of refusals that the first one's filter makes alone. Nothing takes a filter or its answers away.
    /// </exception>
    internal static FilterProgram? CompileAddition(SyscallTable table, StopSet before, StopSet after)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!after.Includes(before) || (after.Needs & ~before.Needs & FilterNeeds.Refusals) != 0)
        {
            throw new ArgumentException($"the filter of {before} cannot become that of {after}", nameof(after));
        }

        var graph = new FilterGraph();
        var registerTests = ByCall(RegisterTests.All);
        var (decidedBefore, decidedAfter) = (new FilterDecisions(graph, before, registerTests), new FilterDecisions(graph, after, registerTests));
        var (allow, trace) = (graph.Return(SeccompData.ReturnAllow), graph.Return(SeccompData.ReturnTrace));
        var root = Search(graph, Intervals(table, allow, Added));
        return root == allow ? null : new FilterProgram(FilterEmitter.Emit(graph, root));

        int Added(SyscallRow row)
        {
            var decision = decidedAfter.Of(row);
            return decision == decidedBefore.Of(row) ? allow
                // What is answered is answered by the first filter: no register has to be looked at.
                : after.HasWhole(row.Number) ? trace : decision;
        }
    }

    private static ILookup<string, RegisterTest> ByCall(IEnumerable<RegisterTest> registerTests) => registerTests.ToLookup(static t => t.Call);

    /// <summary>Runs of numbers that are decided the same way, by rising first number; the last one has no end.</summary>
    private static List<Interval> Intervals(SyscallTable table, int unknown, Func<SyscallRow, int> decide)
    {
        if (table.HighestNumber >= X32SyscallBit)
        {
            throw new InvalidOperationException($"syscall {table.HighestNumber} is of another ABI");
        }

        var intervals = new List<Interval>();
        for (var number = 0; number <= table.HighestNumber + 1; number++)
        {
            var decision = table.Find(number) is { } row ? decide(row) : unknown;
            if (intervals.Count == 0 || intervals[^1].Decision != decision)
            {
                intervals.Add(new Interval((uint)number, decision));
            }
        }

        return intervals;
    }

    private static int Search(FilterGraph graph, List<Interval> intervals) =>
        graph.Load(SeccompData.Number, uint.MaxValue, Search(graph, intervals, 0, intervals.Count - 1));

    private static int Search(FilterGraph graph, List<Interval> intervals, int first, int last)
    {
        if (first == last)
        {
            return intervals[first].Decision;
        }

        var middle = (first + last + 1) / 2;
        return graph.AtLeast(intervals[middle].First, Search(graph, intervals, middle, last), Search(graph, intervals, first, middle - 1));
    }

    /// <summary>A run of numbers from <paramref name="First"/> on and the node that decides them.</summary>
    private readonly record struct Interval(uint First, int Decision);
}
