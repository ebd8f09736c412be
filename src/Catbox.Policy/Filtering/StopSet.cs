using System.Collections.Immutable;
using System.Numerics;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Filtering;

/// <summary>
/// Which calls of a session stop. Some stop because its policy needs to see them, each as far as its row and its register tests say. Of others every use stops, because somebody wants to
/// see them. An immutable value: equal sets have equal programs, and programs are kept by their set.
/// </summary>
/// <remarks>
/// What the filter answers alone stays answered, whoever wants to see it: a filter that is laid over another one cannot take its answers back (SECCOMP_RET_ERRNO outranks
/// SECCOMP_RET_TRACE), and the same set is to mean the same stops whenever it came.
/// </remarks>
internal sealed class StopSet : IEquatable<StopSet>
{
    private const int BitsPerWord = 64;

    /// <summary>By number, from the lowest bit of the first word on; the last word is not 0.</summary>
    private readonly ImmutableArray<ulong> _whole;

    private StopSet(FilterNeeds needs, ImmutableArray<ulong> whole)
    {
        Needs = needs;
        _whole = whole;
    }

    /// <summary>Nothing.</summary>
    public static StopSet Empty { get; } = Of(FilterNeeds.None);

    /// <summary>Which needs make calls stop, as far as their rows and register tests say.</summary>
    public FilterNeeds Needs { get; }

    /// <summary>What a session with these needs has to see.</summary>
    public static StopSet Of(FilterNeeds needs) => new(needs, []);

    /// <summary>Every use of some calls.</summary>
    /// <exception cref="ArgumentException">One of them must not stop.</exception>
    public static StopSet OfCalls(params IEnumerable<SyscallRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var words = new List<ulong>();
        foreach (var row in rows)
        {
            if (row.MustNotStop)
            {
                throw new ArgumentException($"syscall {row.Number} must not stop: {row.Note}", nameof(rows));
            }

            while (words.Count <= row.Number / BitsPerWord)
            {
                words.Add(0);
            }

            words[row.Number / BitsPerWord] |= 1UL << (row.Number % BitsPerWord);
        }

        return new StopSet(FilterNeeds.None, [.. words]);
    }

    /// <summary>What either of the two has.</summary>
    public StopSet Union(StopSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (shorter, longer) = _whole.Length < other._whole.Length ? (_whole, other._whole) : (other._whole, _whole);
        var whole = ImmutableArray.CreateBuilder<ulong>(longer.Length);
        for (var i = 0; i < longer.Length; i++)
        {
            whole.Add(longer[i] | (i < shorter.Length ? shorter[i] : 0));
        }

        return new StopSet(Needs | other.Needs, whole.MoveToImmutable());
    }

    /// <summary>Whether it has all that the other one has.</summary>
    public bool Includes(StopSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Union(other).Equals(this);
    }

    /// <summary>Whether every use of a call stops because somebody wants to see it.</summary>
    public bool HasWhole(int number) => number / BitsPerWord is var word && word < _whole.Length && (_whole[word] & (1UL << (number % BitsPerWord))) != 0;

    /// <inheritdoc/>
    public bool Equals(StopSet? other) => other is not null && Needs == other.Needs && _whole.AsSpan().SequenceEqual(other._whole.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StopSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Needs);
        foreach (var word in _whole)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    /// <summary>The needs by name, and how many calls stop beside them.</summary>
    public override string ToString()
    {
        var calls = _whole.Sum(static word => BitOperations.PopCount(word));
        return calls == 0 ? Needs.ToString() : $"{Needs} and {calls} calls";
    }
}
