using System.Collections.Immutable;

namespace Catbox.Policy.Filtering;

/// <summary>
/// A question about one argument register: is (argument &amp; <paramref name="Mask"/>) among <paramref name="Values"/>?
/// The width is the one that the kernel's own prototype of the call has. Where it takes an int, the high half of the register is garbage
/// that a guest may set as it likes (CVE-2019-7303): comparing it would let a request pass as another one.
/// </summary>
/// <param name="Arg">Which argument, 0–5.</param>
/// <param name="IsWide">True for a long or a pointer (64 bits count), false for an int (the low 32 bits count).</param>
/// <param name="Mask">Which bits are looked at; for a narrow one only the low 32.</param>
/// <param name="Values">What is compared with.</param>
/// <param name="Negated">True when the test holds for everything but the values.</param>
internal sealed record ArgTest(int Arg, bool IsWide, ulong Mask, ImmutableArray<ulong> Values, bool Negated)
{
    /// <summary>An argument that the kernel takes as int or unsigned int.</summary>
    internal static ArgTest Int(int arg, uint mask = uint.MaxValue) => new(arg, false, mask, [], false);

    /// <summary>An argument that the kernel takes as long, size_t or a pointer.</summary>
    internal static ArgTest Long(int arg, ulong mask = ulong.MaxValue) => new(arg, true, mask, [], false);

    /// <summary>Holds when the masked argument is one of these.</summary>
    internal ArgTest Is(params ImmutableArray<ulong> values) => this with { Values = values, Negated = false };

    /// <summary>Holds when the masked argument is none of these.</summary>
    internal ArgTest IsNot(params ImmutableArray<ulong> values) => this with { Values = values, Negated = true };
}
