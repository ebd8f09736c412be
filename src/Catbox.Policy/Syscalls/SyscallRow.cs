using System.Collections.Immutable;

namespace Catbox.Policy.Syscalls;

/// <summary>One system call as data: what it is called, what its arguments are and what becomes of it.</summary>
/// <param name="Number">The number on this architecture.</param>
/// <param name="Name">The kernel's name, without <c>sys_</c>.</param>
/// <param name="Disposition">What becomes of it.</param>
/// <param name="Shape">Which form it is decoded to.</param>
/// <param name="Args">The kinds of its arguments, 0–6.</param>
/// <param name="Needs">Which needs of a session make it stop; for <see cref="Disposition.Refuse"/>: <see cref="FilterNeeds.Refusals"/> when
/// it is reported (a stop), <see cref="FilterNeeds.None"/> when the filter answers it alone.</param>
/// <param name="Traits">What else is worth knowing.</param>
/// <param name="RefusalErrno">What a refused call gets; success for a faked one.</param>
/// <param name="Note">The support note, one short sentence: why it is treated so.</param>
internal sealed record SyscallRow(
    int Number,
    string Name,
    Disposition Disposition,
    RequestShape Shape,
    ImmutableArray<ArgKind> Args,
    FilterNeeds Needs,
    SyscallTraits Traits,
    Errno RefusalErrno,
    string Note)
{
    /// <summary>What the tracer does in the guest's place when the call is allowed; <see cref="BehalfOperation.None"/> where the guest makes it, or where a
    /// register decides (ioctl, fcntl).</summary>
    public BehalfOperation Operation { get; init; }

    /// <summary>What becomes of it when a signal ended it that nobody handles.</summary>
    public Interruption Interruption { get; init; }

    /// <summary>Which argument limits its time, where <see cref="Interruption"/> says that one does.</summary>
    public int TimeLimit { get; init; }

    /// <summary>The kind of an argument, <see cref="ArgKind.None"/> beyond the last.</summary>
    public ArgKind Arg(int index) => index < Args.Length ? Args[index] : ArgKind.None;

    /// <summary>The first argument of a kind, or -1.</summary>
    public int IndexOf(ArgKind kind) => Args.IndexOf(kind);
}
