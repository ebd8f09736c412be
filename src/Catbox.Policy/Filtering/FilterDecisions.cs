using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Filtering;

/// <summary>What becomes of each call under a set of stops, as nodes of a graph. Those of two sets in one graph can be compared: where nothing differs they are the same node.</summary>
/// <param name="graph">Where the nodes are made.</param>
/// <param name="stops">The set.</param>
/// <param name="registerTests">The lines of <see cref="RegisterTests"/> by the name of their call.</param>
internal sealed class FilterDecisions(FilterGraph graph, StopSet stops, ILookup<string, RegisterTest> registerTests)
{
    /// <summary>The node that decides a call.</summary>
    /// <exception cref="InvalidOperationException">The row is not sound.</exception>
    public int Of(SyscallRow row)
    {
        // A use that would be let through stops where every use does; an answer stays one.
        var allow = graph.Return(stops.HasWhole(row.Number) ? SeccompData.ReturnTrace : SeccompData.ReturnAllow);
        var decision = AsItsRow(row, allow);
        var hasLines = false;
        foreach (var line in registerTests[row.Name].Reverse())
        {
            hasLines = true;
            if (!line.AppliesTo(stops.Needs))
            {
                continue;
            }

            var then = line.Then.Kind switch
            {
                TestOutcomeKind.Allow => allow,
                TestOutcomeKind.Stop => graph.Return(SeccompData.ReturnTrace),
                TestOutcomeKind.Refuse => Refuse(row),
                TestOutcomeKind.Answer => Answer(line.Then.Error),
                _ => throw new InvalidOperationException($"{row.Name}: {line.Then.Kind}"),
            };
            var otherwise = decision;
            decision = line.Tests.Reverse().Aggregate(then, (held, test) => Ask(test, held, otherwise));
        }

        if (!hasLines && (row.Traits & SyscallTraits.RegisterTest) != 0)
        {
            // Compiled without it, the call would be let through where only some uses of it should be.
            throw new InvalidOperationException($"syscall {row.Number} ({row.Name}) has no register test, though its row says so");
        }

        return decision;
    }

    /// <summary>Not done, without a stop.</summary>
    public int Answer(Errno error) =>
        error.Value is >= 0 and <= SeccompData.MaxErrno
            ? graph.Return(SeccompData.ReturnErrno | (uint)error.Value)
            : throw new InvalidOperationException($"{error.Value} is not an error number");

    private int AsItsRow(SyscallRow row, int allow) => row.Disposition switch
    {
        Disposition.Pass or Disposition.Judge => (row.Needs & stops.Needs) != 0 ? graph.Return(SeccompData.ReturnTrace) : allow,
        Disposition.Refuse or Disposition.Fake => Refuse(row),
        _ => throw new InvalidOperationException($"syscall {row.Number} ({row.Name}): {row.Disposition}"),
    };

    /// <summary>Not done. A refusal that nobody hears of, or an answer that the session does not keep, needs no stop.</summary>
    private int Refuse(SyscallRow row) => (row.Needs & stops.Needs) != 0 ? graph.Return(SeccompData.ReturnTrace) : Answer(row.RefusalErrno);

    private int Ask(ArgTest test, int held, int otherwise)
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
}
