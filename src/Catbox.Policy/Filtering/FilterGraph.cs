namespace Catbox.Policy.Filtering;

/// <summary>
/// A filter as a graph of decisions. Equal parts are one node (a node's children are made before it, so equality is of numbers alone):
/// two calls that are decided the same way have the same node, and a question whose both answers lead to the same place is not asked.
/// The last is what keeps the kernel's allow-bitmap: a row that ends in ALLOW either way loads no argument.
/// </summary>
internal sealed class FilterGraph
{
    private readonly List<FilterNode> _nodes = [];
    private readonly Dictionary<FilterNode, int> _known = [];

    internal FilterNode this[int node] => _nodes[node];

    internal int Count => _nodes.Count;

    internal int Return(uint value) => Add(new(FilterNodeKind.Return, value, 0, -1, -1));

    /// <summary>Loads the word at <paramref name="offset"/>, masked, and goes on.</summary>
    internal int Load(uint offset, uint mask, int next) =>
        _nodes[next].Kind == FilterNodeKind.Return ? next : Add(new(FilterNodeKind.Load, offset, mask, next, -1));

    /// <summary>Goes to <paramref name="yes"/> where the loaded word is <paramref name="value"/>.</summary>
    internal int Equal(uint value, int yes, int no) => Branch(FilterNodeKind.Equal, value, yes, no);

    /// <summary>Goes to <paramref name="yes"/> where the loaded word is at least <paramref name="value"/>, unsigned.</summary>
    internal int AtLeast(uint value, int yes, int no) => Branch(FilterNodeKind.AtLeast, value, yes, no);

    /// <summary>Goes to <paramref name="yes"/> where the loaded word has one of the bits.</summary>
    internal int AnyBit(uint bits, int yes, int no) => Branch(FilterNodeKind.AnyBit, bits, yes, no);

    private int Branch(FilterNodeKind kind, uint value, int yes, int no) => yes == no ? yes : Add(new(kind, value, 0, yes, no));

    private int Add(FilterNode node)
    {
        if (!_known.TryGetValue(node, out var index))
        {
            index = _nodes.Count;
            _nodes.Add(node);
            _known.Add(node, index);
        }

        return index;
    }
}

/// <summary>One decision.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="K">The value returned or compared with, or the offset loaded from.</param>
/// <param name="Mask">For a load: which bits are kept.</param>
/// <param name="Yes">The next node (of a load: the only one), or -1.</param>
/// <param name="No">The other next node of a branch, or -1.</param>
internal readonly record struct FilterNode(FilterNodeKind Kind, uint K, uint Mask, int Yes, int No);

/// <summary>The kinds of <see cref="FilterNode"/>.</summary>
internal enum FilterNodeKind : byte
{
    /// <summary>The filter's answer.</summary>
    Return,

    /// <summary>The accumulator becomes a masked word of struct seccomp_data.</summary>
    Load,

    /// <summary>A == K.</summary>
    Equal,

    /// <summary>A >= K, unsigned.</summary>
    AtLeast,

    /// <summary>(A &amp; K) != 0.</summary>
    AnyBit,
}
