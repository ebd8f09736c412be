using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Filtering;

/// <summary>
/// Compiles the calls' table and a session's needs to a seccomp filter: what cannot matter to the session is let through by the kernel,
/// what registers alone decide is decided there, the rest stops with SECCOMP_RET_TRACE.
/// <list type="bullet">
/// <item>A foreign architecture (int 0x80, a far jump to 32-bit code) kills the process, before anything else is looked at.</item>
/// <item>A number without a row, beyond the table or of x32 (from 0x40000000) is answered ENOSYS, as by a kernel that lacks it.</item>
/// <item>Rows follow by their disposition, with the lines of <see cref="RegisterTests"/> before it.</item>
/// </list>
/// The numbers are searched as a balanced tree of intervals. What is let through without a register test depends on the number and the
/// architecture alone: the kernel finds that out at installation and answers it from a bitmap (kernel/seccomp.c, seccomp_is_const_allow).
/// </summary>
internal static class FilterCompiler
{
    /// <summary>__X32_SYSCALL_BIT (arch/x86/include/uapi/asm/unistd.h): numbers from here on are of the x32 ABI.</summary>
    private const int X32SyscallBit = 0x40000000;

    /// <summary>
    /// The filter of all sessions with these needs. What happens on a violation is no matter of it: what the filter refuses alone is
    /// refused under collect-only too, since nobody would see it otherwise.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table is not sound: an error number beyond 4095, a number beyond the architecture's,
    /// or a row said to have a register test that has none.</exception>
    public static FilterProgram Compile(SyscallTable table, FilterNeeds needs) => Compile(table, needs, RegisterTests.All);

    internal static FilterProgram Compile(SyscallTable table, FilterNeeds needs, IReadOnlyList<RegisterTest> registerTests)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.HighestNumber >= X32SyscallBit)
        {
            throw new InvalidOperationException($"syscall {table.HighestNumber} is of another ABI");
        }

        var graph = new FilterGraph();
        var intervals = Intervals(graph, table, needs, registerTests.ToLookup(static t => t.Call));
        var native = graph.Load(SeccompData.Number, uint.MaxValue, Search(graph, intervals, 0, intervals.Count - 1));
        var root = graph.Load(
            SeccompData.Architecture,
            uint.MaxValue,
            graph.Equal(table.AuditArchitecture, native, graph.Return(SeccompData.ReturnKillProcess)));
        return new FilterProgram(FilterEmitter.Emit(graph, root));
    }

    /// <summary>Runs of numbers that are decided the same way, by rising first number; the last one has no end.</summary>
    private static List<Interval> Intervals(FilterGraph graph, SyscallTable table, FilterNeeds needs, ILookup<string, RegisterTest> registerTests)
    {
        var unknown = Answer(graph, Errno.ENOSYS);
        var intervals = new List<Interval>();
        for (var number = 0; number <= table.HighestNumber + 1; number++)
        {
            var row = table.Find(number);
            var decision = row is null ? unknown : Decide(graph, row, needs, registerTests[row.Name]);
            if (intervals.Count == 0 || intervals[^1].Decision != decision)
            {
                intervals.Add(new Interval((uint)number, decision));
            }
        }

        return intervals;
    }

    private static int Search(FilterGraph graph, List<Interval> intervals, int first, int last)
    {
        if (first == last)
        {
            return intervals[first].Decision;
        }

        var middle = (first + last + 1) / 2;
        return graph.AtLeast(intervals[middle].First, Search(graph, intervals, middle, last), Search(graph, intervals, first, middle - 1));
    }

    private static int Decide(FilterGraph graph, SyscallRow row, FilterNeeds needs, IEnumerable<RegisterTest> lines)
    {
        var decision = AsItsRow(graph, row, needs);
        var hasLines = false;
        foreach (var line in lines.Reverse())
        {
            hasLines = true;
            if (!line.AppliesTo(needs))
            {
                continue;
            }

            var then = line.Then.Kind switch
            {
                TestOutcomeKind.Allow => graph.Return(SeccompData.ReturnAllow),
                TestOutcomeKind.Stop => graph.Return(SeccompData.ReturnTrace),
                TestOutcomeKind.Refuse => Refuse(graph, row, needs),
                TestOutcomeKind.Answer => Answer(graph, line.Then.Error),
                _ => throw new InvalidOperationException($"{row.Name}: {line.Then.Kind}"),
            };
            var otherwise = decision;
            decision = line.Tests.Reverse().Aggregate(then, (held, test) => Ask(graph, test, held, otherwise));
        }

        if (!hasLines && (row.Traits & SyscallTraits.RegisterTest) != 0)
        {
            // Compiled without it, the call would be let through where only some uses of it should be.
            throw new InvalidOperationException($"syscall {row.Number} ({row.Name}) has no register test, though its row says so");
        }

        return decision;
    }

    private static int AsItsRow(FilterGraph graph, SyscallRow row, FilterNeeds needs) => row.Disposition switch
    {
        Disposition.Pass => graph.Return(SeccompData.ReturnAllow),
        Disposition.Judge => graph.Return((row.Needs & needs) != 0 ? SeccompData.ReturnTrace : SeccompData.ReturnAllow),
        Disposition.Refuse or Disposition.Fake => Refuse(graph, row, needs),
        _ => throw new InvalidOperationException($"syscall {row.Number} ({row.Name}): {row.Disposition}"),
    };

    /// <summary>Not done. A refusal that nobody hears of, or an answer that the session does not keep, needs no stop.</summary>
    private static int Refuse(FilterGraph graph, SyscallRow row, FilterNeeds needs) =>
        (row.Needs & needs) != 0 ? graph.Return(SeccompData.ReturnTrace) : Answer(graph, row.RefusalErrno);

    private static int Answer(FilterGraph graph, Errno error) =>
        error.Value is >= 0 and <= SeccompData.MaxErrno
            ? graph.Return(SeccompData.ReturnErrno | (uint)error.Value)
            : throw new InvalidOperationException($"{error.Value} is not an error number");

    private static int Ask(FilterGraph graph, ArgTest test, int held, int otherwise)
    {
        var (match, mismatch) = test.Negated ? (otherwise, held) : (held, otherwise);
        var low = SeccompData.LowWord(test.Arg);
        var lowMask = (uint)test.Mask;
        if (!test.IsWide && test.Values is [0])
        {
            // "No bit of the mask" is one jump, and leaves the unmasked word in the accumulator for the next line.
            return graph.Load(low, uint.MaxValue, graph.AnyBit(lowMask, mismatch, match));
        }

        if (!test.IsWide)
        {
            return graph.Load(low, lowMask, test.Values.Reverse().Aggregate(mismatch, (no, value) => graph.Equal((uint)value, match, no)));
        }

        var (high, highMask) = (SeccompData.HighWord(test.Arg), (uint)(test.Mask >> 32));
        return test.Values.Reverse().Aggregate(mismatch, (no, value) =>
            graph.Load(low, lowMask, graph.Equal((uint)value, graph.Load(high, highMask, graph.Equal((uint)(value >> 32), match, no)), no)));
    }

    /// <summary>A run of numbers from <paramref name="First"/> on and the node that decides them.</summary>
    private readonly record struct Interval(uint First, int Decision);
}
