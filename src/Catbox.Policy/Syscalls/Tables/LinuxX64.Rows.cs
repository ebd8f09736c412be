using System.Collections.Immutable;

namespace Catbox.Policy.Syscalls.Tables;

// How a line of the table becomes a row. Each helper stands for one way of treating a call, so that a line says what it is by its first word.
internal static partial class LinuxX64
{
    /// <summary>Can matter to no policy.</summary>
    private static SyscallRow Pass(int number, string name, ImmutableArray<ArgKind> args, string note = "") =>
        new(number, name, Disposition.Pass, RequestShape.None, args, FilterNeeds.None, SyscallTraits.None, Errno.None, note);

    /// <summary>Reads or changes the caller's own user or group identity, within what the kernel allows it.</summary>
    private static SyscallRow Identity(int number, string name, ImmutableArray<ArgKind> args, string note = "the kernel decides") =>
        new(number, name, Disposition.Pass, RequestShape.None, args, FilterNeeds.Identity, SyscallTraits.None, Errno.None, note);

    /// <summary>Changes what the kernel knows the caller by: let go on, and noted where the tracer acts in the caller's place.</summary>
    private static SyscallRow Becomes(int number, string name, ImmutableArray<ArgKind> args, string note = "the kernel decides") =>
        Judge(number, name, args, RequestShape.Credentials, FilterNeeds.Identity | FilterNeeds.Credentials, SyscallTraits.None, note);

    /// <summary>Passes but for values of a register that the filter knows by the call's name; those are refused with EPERM or stop.</summary>
    private static SyscallRow PassTested(
        int number, string name, ImmutableArray<ArgKind> args, RequestShape shape, FilterNeeds needs, SyscallTraits traits, string note) =>
        new(number, name, Disposition.Pass, shape, args, needs, traits | SyscallTraits.RegisterTest, Errno.EPERM, note);

    /// <summary>Judged in one of the forms that are not plain paths.</summary>
    private static SyscallRow Judge(
        int number, string name, ImmutableArray<ArgKind> args, RequestShape shape, FilterNeeds needs, SyscallTraits traits, string note) =>
        new(number, name, Disposition.Judge, shape, args, needs, traits, Errno.None, note);

    /// <summary>Only looks at what a path names.</summary>
    private static SyscallRow Look(int number, string name, ImmutableArray<ArgKind> args, string note = "stops only where reads are judged") =>
        Judge(number, name, args, RequestShape.Paths, FilterNeeds.Reads, SyscallTraits.None, note);

    /// <summary>Asks what may be done with what a path names.</summary>
    private static SyscallRow Access(int number, string name, ImmutableArray<ArgKind> args) =>
        Judge(number, name, args, RequestShape.Access, FilterNeeds.Writes | FilterNeeds.Reads, SyscallTraits.RegisterTest, "asked for W_OK: what an open for writing would get");

    /// <summary>Changes what a path names, or a directory.</summary>
    private static SyscallRow Change(
        int number, string name, ImmutableArray<ArgKind> args, SyscallTraits traits, string note, BehalfOperation operation = BehalfOperation.None) =>
        Judge(number, name, args, RequestShape.Paths, FilterNeeds.Writes, traits, note) with { Operation = operation };

    /// <summary>Changes the inode behind a descriptor.</summary>
    private static SyscallRow ChangeBehind(
        int number, string name, ImmutableArray<ArgKind> args, SyscallTraits traits, string note, BehalfOperation operation = BehalfOperation.None) =>
        Judge(number, name, args, RequestShape.Descriptor, FilterNeeds.Writes, traits, note) with { Operation = operation };

    /// <summary>Acts on another process; the filter lets the caller's own (0) pass where a register tells.</summary>
    private static SyscallRow OnProcess(int number, string name, ImmutableArray<ArgKind> args, string note) =>
        Judge(number, name, args, RequestShape.Process, FilterNeeds.Processes, SyscallTraits.RegisterTest, note);

    /// <summary>Sends a signal.</summary>
    private static SyscallRow Signals(int number, string name, ImmutableArray<ArgKind> args, string note) =>
        Judge(number, name, args, RequestShape.Signal, FilterNeeds.Processes, SyscallTraits.None, note);

    /// <summary>Refused with EPERM and reported as a violation.</summary>
    private static SyscallRow Refuse(int number, string name, ImmutableArray<ArgKind> args, string note, SyscallTraits traits = SyscallTraits.None) =>
        new(number, name, Disposition.Refuse, RequestShape.Refusal, args, FilterNeeds.Refusals, traits, Errno.EPERM, note);

    /// <summary>Refused by the filter alone, without a stop and without a report: programs try these and do without.</summary>
    private static SyscallRow Quiet(
        int number, string name, ImmutableArray<ArgKind> args, Errno errno, string note, SyscallTraits traits = SyscallTraits.None) =>
        new(number, name, Disposition.Refuse, RequestShape.None, args, FilterNeeds.None, traits, errno, note);

    /// <summary>A number whose call was taken out of the kernel, or never was in it. An older kernel that still has it answers the same.</summary>
    private static SyscallRow Gone(int number, string name, string note = "not in current kernels") =>
        Quiet(number, name, [], Errno.ENOSYS, note, SyscallTraits.Obsolete);

    /// <summary>Is made again, or for its rest, after a signal that nobody handles; within the time that one of its arguments gives it.</summary>
    private static SyscallRow IsMadeAgain(this SyscallRow row, Interruption how = Interruption.Again, int timeLimit = 0) =>
        row with { Interruption = how, TimeLimit = timeLimit };
}
