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

    /// <summary>Whether it must never stop: without a tracer it is answered ENOSYS, and its caller could not end.</summary>
    internal bool MustNotStop { get; init; }

    /// <summary>Which value of its first argument installs a seccomp filter of the caller's own; 0 where none does.</summary>
    internal int FilterCommand { get; init; }

    /// <summary>With <see cref="RequestShape.Credentials"/>: which values of its first argument change users, groups or capabilities; empty where every use does.</summary>
    internal ImmutableArray<int> CredentialCommands { get; init; } = [];

    /// <summary>Which argument names the resource that is limited, with the address of the new limit behind it; -1 where none does.</summary>
    internal int ResourceAt { get; init; } = -1;

    /// <summary>Which value of its first argument says that the second is a process. One more is a group, two more a user. -1 where the first says no such thing.</summary>
    internal int ProcessCommand { get; init; } = -1;

    /// <summary>In which form it is given times.</summary>
    internal TimeForm Times { get; init; }

    /// <summary>What it makes of NULL as a path.</summary>
    internal NullPath NullPath { get; init; }

    /// <summary>Whether it takes the empty path for the descriptor itself, without a flag that says so.</summary>
    internal bool TakesEmptyPath { get; init; }

    /// <summary>Whether value, size and flags of an attribute stand in a struct xattr_args.</summary>
    internal bool HasXattrArgs { get; init; }

    /// <summary>With <see cref="RequestShape.Affinity"/>: whether it sets a mask, and does not only ask for one.</summary>
    internal bool SetsAffinity { get; init; }

    /// <summary>Whether a use of it installs a seccomp filter.</summary>
    /// <param name="first">Its first argument.</param>
    internal bool InstallsFilter(ulong first) => FilterCommand != 0 && unchecked((int)first) == FilterCommand;

    /// <summary>Whether a use of it changes users, groups or capabilities.</summary>
    /// <param name="first">Its first argument.</param>
    internal bool ChangesCredentials(ulong first) =>
        Shape == RequestShape.Credentials && (CredentialCommands.IsEmpty || CredentialCommands.Contains(unchecked((int)first)));

    /// <summary>The kind of an argument, <see cref="ArgKind.None"/> beyond the last.</summary>
    public ArgKind Arg(int index) => index < Args.Length ? Args[index] : ArgKind.None;

    /// <summary>The first argument of a kind, or -1.</summary>
    public int IndexOf(ArgKind kind) => Args.IndexOf(kind);
}
