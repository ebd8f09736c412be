using System.Collections.Immutable;

namespace Catbox.Policy.Filtering;

/// <summary>
/// Lays a <see cref="FilterGraph"/> out as instructions. BPF jumps forward only, so it is written from its end: every target stands
/// already when a jump to it is written, and the distance is known. A conditional jump reaches 255 instructions; what lies further gets
/// a stepping stone right behind the jump: a copy of the answer where the target is an answer, else a BPF_JA, which reaches everything.
/// </summary>
internal sealed class FilterEmitter
{
    private const uint AllBits = uint.MaxValue;

    // One short of 255: the stone of a jump's second target comes between the jump and its first target.
    private const int Reach = 254;

    private readonly FilterGraph _graph;
    private readonly List<SockFilter> _reversed = [];
    private readonly int[] _position;

    private FilterEmitter(FilterGraph graph)
    {
        _graph = graph;
        _position = new int[graph.Count];
    }

    internal static ImmutableArray<SockFilter> Emit(FilterGraph graph, int root)
    {
        var emitter = new FilterEmitter(graph);
        var order = emitter.ChildrenFirst(root);
        var accumulators = emitter.Accumulators(order);
        foreach (var node in order)
        {
            emitter.Write(node, accumulators[node]);
        }

        emitter._reversed.Reverse();
        return [.. emitter._reversed];
    }

    private List<int> ChildrenFirst(int root)
    {
        var order = new List<int>();
        var seen = new bool[_graph.Count];
        Visit(root);
        return order;

        void Visit(int node)
        {
            if (node < 0 || seen[node])
            {
                return;
            }

            seen[node] = true;
            Visit(_graph[node].Yes);
            Visit(_graph[node].No);
            order.Add(node);
        }
    }

    /// <summary>What the accumulator holds before each node, where all ways to it agree: a load of what is there already is left out.</summary>
    private Accumulator[] Accumulators(List<int> order)
    {
        var before = new Accumulator[_graph.Count];
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var node = _graph[order[i]];
            var after = node.Kind == FilterNodeKind.Load ? new Accumulator(true, true, node.K, node.Mask) : before[order[i]] with { IsReached = true };
            Meet(node.Yes, after);
            Meet(node.No, after);
        }

        return before;

        void Meet(int node, Accumulator from)
        {
            if (node >= 0)
            {
                before[node] = !before[node].IsReached || before[node] == from ? from : new Accumulator(true, false, 0, 0);
            }
        }
    }

    private void Write(int index, Accumulator before)
    {
        var node = _graph[index];
        switch (node.Kind)
        {
            case FilterNodeKind.Return:
                _reversed.Add(new(Bpf.Return, 0, 0, node.K));
                break;
            case FilterNodeKind.Load:
                WriteLoad(node, before);
                break;
            default:
                WriteBranch(node);
                break;
        }

        _position[index] = _reversed.Count - 1;
    }

    private void WriteLoad(FilterNode node, Accumulator before)
    {
        if (Distance(node.Yes) != 0)
        {
            WriteStone(node.Yes);
        }

        if (before.IsKnown && before.Offset == node.K && before.Mask == node.Mask)
        {
            return;
        }

        if (node.Mask != AllBits)
        {
            _reversed.Add(new(Bpf.And, 0, 0, node.Mask));
        }

        if (!(before.IsKnown && before.Offset == node.K && before.Mask == AllBits))
        {
            _reversed.Add(new(Bpf.LoadWord, 0, 0, node.K));
        }
    }

    private void WriteBranch(FilterNode node)
    {
        var yes = Near(node.Yes);
        var no = Near(node.No);
        var code = node.Kind switch
        {
            FilterNodeKind.Equal => Bpf.JumpEqual,
            FilterNodeKind.AtLeast => Bpf.JumpAtLeast,
            FilterNodeKind.AnyBit => Bpf.JumpAnyBit,
            _ => throw new InvalidOperationException($"{node.Kind} is not a branch"),
        };
        _reversed.Add(new(code, checked((byte)(_reversed.Count - 1 - yes)), checked((byte)(_reversed.Count - 1 - no)), node.K));
    }

    /// <summary>The position of the target, or of a stone that leads to it, that a conditional jump written next can reach.</summary>
    private int Near(int target)
    {
        if (Distance(target) <= Reach)
        {
            return _position[target];
        }

        WriteStone(target);
        return _reversed.Count - 1;
    }

    private void WriteStone(int target)
    {
        if (_graph[target].Kind == FilterNodeKind.Return)
        {
            _reversed.Add(new(Bpf.Return, 0, 0, _graph[target].K));
            // The nearest copy serves whoever comes next.
            _position[target] = _reversed.Count - 1;
            return;
        }

        _reversed.Add(new(Bpf.Jump, 0, 0, (uint)Distance(target)));
    }

    /// <summary>How many instructions lie between the one written next and the target.</summary>
    private int Distance(int target) => _reversed.Count - 1 - _position[target];

    /// <summary>The accumulator before a node.</summary>
    private readonly record struct Accumulator(bool IsReached, bool IsKnown, uint Offset, uint Mask);
}
