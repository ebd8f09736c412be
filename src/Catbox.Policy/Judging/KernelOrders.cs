using System.Collections.Immutable;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

/// <summary>
/// The order of the kernel's checks by call (Linux 6.18), for calls that are refused though their arguments are not those of a file: a call that would have failed anyway
/// fails with the kernel's error, and is no violation. What is not here has none before ours, or is found by the judge as it goes.
/// </summary>
internal static partial class KernelOrders
{
    /// <summary>The orders of a table's calls by their numbers; null for a call that has none.</summary>
    /// <exception cref="InvalidOperationException">An order is of a call that the table does not have, or two are of one.</exception>
    public static ImmutableArray<KernelOrder?> Of(SyscallTable table)
    {
        var byName = new[] { Mounts(), Machine(), Signals(), Processes(), Sockets(), Files() }.SelectMany(static orders => orders)
            .ToDictionary(static order => order.Name, static order => order.Order, StringComparer.Ordinal);
        var byNumber = new KernelOrder?[table.HighestNumber + 1];
        foreach (var row in table.Rows)
        {
            byName.Remove(row.Name, out byNumber[row.Number]);
        }

        return byName.Count == 0 ? [.. byNumber] : throw new InvalidOperationException($"no syscall is called {string.Join(", ", byName.Keys)}");
    }

    /// <summary>A call whose arguments all come before the refusal.</summary>
    private static (string Name, KernelOrder Order) Of(string name, params ImmutableArray<KernelCheck> checks) => (name, new KernelOrder([], [], checks));

    private static (string Name, KernelOrder Order) Of(
        string name, ImmutableArray<KernelCheck> beforeDecoding, ImmutableArray<KernelCheck> beforeLookUp, ImmutableArray<KernelCheck> beforeDoing) =>
        (name, new KernelOrder(beforeDecoding, beforeLookUp, beforeDoing));
}
