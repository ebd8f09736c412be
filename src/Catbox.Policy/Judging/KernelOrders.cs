using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Catbox.Policy.Judging;

/// <summary>
/// The order of the kernel's checks by call (Linux 6.18), for calls that are refused though their arguments are not those of a file: a call that would have failed anyway
/// fails with the kernel's error, and is no violation. What is not here has none before ours, or is found by the judge as it goes.
/// </summary>
internal static partial class KernelOrders
{
    private static readonly FrozenDictionary<string, KernelOrder> s_byName =
        new[] { Mounts(), Machine(), Signals(), Processes(), Sockets(), Files() }.SelectMany(static orders => orders)
            .ToFrozenDictionary(static order => order.Name, static order => order.Order, StringComparer.Ordinal);

    /// <summary>The order of a call, or null.</summary>
    public static KernelOrder? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>A call whose arguments all come before the refusal.</summary>
    private static (string Name, KernelOrder Order) Of(string name, params ImmutableArray<KernelCheck> checks) => (name, new KernelOrder([], [], checks));

    private static (string Name, KernelOrder Order) Of(
        string name, ImmutableArray<KernelCheck> beforeDecoding, ImmutableArray<KernelCheck> beforeLookUp, ImmutableArray<KernelCheck> beforeDoing) =>
        (name, new KernelOrder(beforeDecoding, beforeLookUp, beforeDoing));
}
