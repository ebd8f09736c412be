using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Enacting;

/// <summary>
/// The calls whose judged arguments go to a sealed slot, and how each is then made. Pure: bytes and numbers in, bytes and numbers out.
/// </summary>
/// <remarks>
/// An open is made as openat2 on the canonical path with RESOLVE_NO_SYMLINKS: neither a string nor a link nor a directory can be exchanged against it. Sends
/// have their address in the slot. Other calls get their strings as they were given: the string cannot be changed any more, a link on its way can.
/// </remarks>
internal static partial class SlotCalls
{
    /// <summary>include/uapi/asm-generic/resource.h.</summary>
    private const int RLIMIT_CORE = 4;

    /// <summary>Whether this is a call that the slot was made for.</summary>
    public static bool Includes(SyscallRequest request, Judgement judgement)
    {
        ArgumentNullException.ThrowIfNull(request);
        return InstallsFilter(request) || request.Row.Shape switch
        {
            RequestShape.Open or RequestShape.Exec => request.OperandCount > 0,
            RequestShape.MessageQueue => HasStrings(request),
            RequestShape.Connect or RequestShape.Bind => request.Addresses.Count > 0,
            // Registers say that there is no address, or no message: there is nothing that could be changed.
            RequestShape.SendTo => request.Addresses.Count > 0,
            RequestShape.SendMsg => true,
            RequestShape.SendMMsg => MessageCount(request) > 0,
            RequestShape.Paths => OnlyLooks(request),
            RequestShape.Descriptor => IsOfTerminal(request),
            RequestShape.Process => judgement.OnlyAsksForLimit,
            _ => false,
        };
    }

    /// <summary>Whether a call has paths in memory at all: what nobody has a better way for goes on with those in the slot.</summary>
    public static bool HasStrings(SyscallRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperandCount > 0 && (request.First.ArgIndex >= 0 || (request.OperandCount > 1 && request.Second.ArgIndex >= 0));
    }

    /// <summary>Plans a call.</summary>
    /// <param name="request">The decoded call.</param>
    /// <param name="judgement">Its judgement, with <see cref="VerdictKind.Continue"/>.</param>
    /// <param name="into">Overwritten as a whole.</param>
    public static void Plan(SyscallRequest request, Judgement judgement, SlotCall into)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(judgement);
        ArgumentNullException.ThrowIfNull(into);
        into.Begin(request.Row.Number, in request.Args);
        if (InstallsFilter(request))
        {
            into.InstallsFilter = true;
            return;
        }

        switch (request.Row.Shape)
        {
            case RequestShape.Open:
                PlanOpen(request, judgement, into);
                break;
            case RequestShape.Connect or RequestShape.Bind or RequestShape.SendTo:
                PlanAddress(request, judgement, into);
                break;
            case RequestShape.SendMsg or RequestShape.SendMMsg:
                PlanMessage(request, judgement, into);
                break;
            case RequestShape.Descriptor when IsOfTerminal(request):
                PlanTerminal(request, judgement, into);
                break;
            case RequestShape.Process:
                // What is to be set is what is there: only the old limit is asked for, and nothing is read.
                into.Args[request.Row.ResourceAt + 1] = 0;
                break;
            default:
                PlanStrings(request, into);
                break;
        }
    }

    private static bool InstallsFilter(SyscallRequest request) => request.Row.InstallsFilter(request.Args[0]);

    /// <summary>A request to a terminal whose argument was judged: modes, the group in front, whether a terminal is taken from its session.</summary>
    private static bool IsOfTerminal(SyscallRequest request) => request.Row.Arg(1) == ArgKind.IoctlRequest
        && TerminalRequests.Find((uint)request.Args[1]).Kind is TerminalRequestKind.Modes or TerminalRequestKind.Front or TerminalRequestKind.Controls;

    private static void PlanTerminal(SyscallRequest request, Judgement judgement, SlotCall into)
    {
        if (judgement.Argument.IsEmpty)
        {
            // TIOCSCTTY: it takes a terminal that nobody has, with whatever rights.
            into.Args[2] = 0;
            return;
        }

        into.Put(2, judgement.Argument.Span);
    }

    /// <summary>
    /// The paths as they were given. A program is executed by it and not by its canonical path, since a script sees it as <c>$0</c>; a look-up that was judged
    /// (where reads are) is not worth more.
    /// </summary>
    private static void PlanStrings(SyscallRequest request, SlotCall into)
    {
        PlanString(request.First, into);
        if (request.OperandCount > 1)
        {
            PlanString(request.Second, into);
        }
    }

    private static void PlanString(in PathOperand operand, SlotCall into)
    {
        // NULL (utimensat) stands in a register, and stays.
        if (operand.ArgIndex >= 0 && into.Args[operand.ArgIndex] != 0)
        {
            into.PutPath(operand.ArgIndex, operand.Path.Span);
        }
    }

    /// <summary>A new limit of core dumps: the judge lets none through but the one that is set already.</summary>
    internal static bool SetsCoreLimit(SyscallRequest request)
        => request.Row.ResourceAt is >= 0 and var at && KernelBits.Int(request.Args[at]) == RLIMIT_CORE && request.Args[at + 1] != 0;

    private static bool OnlyLooks(SyscallRequest request) => HasStrings(request)
        && IsLook(request.First.Kind) && (request.OperandCount == 1 || IsLook(request.Second.Kind));

    private static bool IsLook(ArgKind kind) => kind is ArgKind.PathRead or ArgKind.PathReadNoFollow;
}
