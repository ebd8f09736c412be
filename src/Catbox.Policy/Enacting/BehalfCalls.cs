using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Policy.Enacting;

/// <summary>The calls that the tracer makes in the guest's place: changes of directories and of inodes, and who gets a descriptor's signals; none of them can block or gives a descriptor.</summary>
internal static class BehalfCalls
{
    // include/uapi/asm-generic/fcntl.h
    private const int F_SETFL = 4, F_SETSIG = 10, F_SETOWN_EX = 15;

    /// <summary>Whether this one is.</summary>
    /// <remarks>
    /// Under collect-only a call is also let through that the judge would otherwise have failed by itself (ENOENT, EEXIST); its later operands were then not
    /// looked at, and there is nothing to hold it to.
    /// </remarks>
    /// <param name="request">The decoded call.</param>
    /// <param name="judgement">Its judgement, with <see cref="VerdictKind.Continue"/>.</param>
    public static bool Includes(SyscallRequest request, Judgement judgement)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(judgement);
        var operation = OperationOf(request);
        if (operation == BehalfOperation.SetOwner)
        {
            return true;
        }

        return operation != BehalfOperation.None
            && request.OperandCount > 0
            && !judgement.First.Canonical.IsEmpty
            && (request.OperandCount == 1 || !judgement.Second.Canonical.IsEmpty)
            && !NamesNoEntry(request.First) && (request.OperandCount == 1 || !NamesNoEntry(request.Second));
    }

    /// <summary>
    /// An entry whose name is <c>.</c>, <c>..</c> or nothing (the root): nothing can be made, removed or renamed by it, and each call has an errno of its own for that. With its string
    /// in a slot the kernel may give it.
    /// </summary>
    private static bool NamesNoEntry(in PathOperand operand) =>
        !operand.IsDescriptor && operand.Kind is ArgKind.PathCreate or ArgKind.PathRemove
        && (PathSyntax.EndsInDots(operand.Path.Span) || operand.Path.Span.IndexOfAnyExcept(PathSyntax.Slash) < 0);

    /// <summary>What a call does. Of ioctl only the requests whose argument is known to be a plain structure.</summary>
    public static BehalfOperation OperationOf(SyscallRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Row.Shape == RequestShape.FileOwner)
        {
            // F_SETOWN has the receiver in a register, and it was judged: whatever descriptor it is set for. Other commands are the guest's.
            return (int)request.Args[1] is F_SETFL or F_SETSIG or F_SETOWN_EX ? BehalfOperation.SetOwner : BehalfOperation.None;
        }

        if (request.Row.Arg(1) != ArgKind.IoctlRequest)
        {
            return request.Row.Operation;
        }

        return SizeOf((uint)request.Args[1]) > 0 ? BehalfOperation.SetInodeFlags
            : TerminalRequests.Find((uint)request.Args[1]).Kind == TerminalRequestKind.Owner ? BehalfOperation.SetOwner : request.Row.Operation;
    }

    /// <summary>
    /// How many bytes the kernel reads at the argument of a request of <see cref="BehalfOperation.SetInodeFlags"/> (fs/ioctl.c, fs/file_attr.c: an int, whatever the
    /// number of the request says); 0 for others.
    /// </summary>
    public static int SizeOf(uint request) => FileIoctls.Find(request) is { Scope: IoctlScope.Inode } row ? row.Bytes : 0;
}
