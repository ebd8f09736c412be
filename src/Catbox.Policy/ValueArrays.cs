using System.Collections.Immutable;

namespace Catbox.Policy;

/// <summary>Arrays in records that compare by value. An array that was never made counts as an empty one.</summary>
internal static class ValueArrays
{
    /// <summary>The array, or an empty one where it was never made.</summary>
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;

    /// <summary>Whether both hold the same items in the same order.</summary>
    public static bool HasSame<T>(this ImmutableArray<T> array, ImmutableArray<T> other) =>
        MemoryExtensions.SequenceEqual(array.AsSpan(), other.AsSpan(), comparer: null);

    /// <summary>A hash that is the same for the same items.</summary>
    public static int HashOfItems<T>(this ImmutableArray<T> array)
    {
        var hash = default(HashCode);
        foreach (var item in array.AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
