using System.Collections.Immutable;
using System.Globalization;
using Catbox.Policy.Decoding;
using Catbox.Policy.Filtering;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Policy.Judging;

/// <summary>
/// Decides on one stopped call: decodes it, asks the ports where its paths lead, and the rules whether that is allowed. Immutable and shared by all loops;
/// whatever it works on is handed in, so that a call allocates nothing.
/// </summary>
/// <remarks>
/// What cannot be decoded or resolved is never let through: the guest gets the errno that the kernel would have given. A port is asked for
/// more than the path (kind, existence) only when the rules have said no: what is allowed costs one resolution per operand.
/// </remarks>
internal sealed partial class PolicyJudge
{
    private static readonly ImmutableArray<KernelOrder?> s_orders = KernelOrders.Of(LinuxX64.Table);

    private readonly IAccessRules _rules;
    private readonly ImmutableArray<InheritedObject> _inherited;
    private readonly bool _reads;
    private readonly bool _collects;

    /// <summary>Makes a judge for one session.</summary>
    /// <param name="rules">The compiled policy.</param>
    /// <param name="inherited">What the session was given as its descriptors 0–2.</param>
    public PolicyJudge(IAccessRules rules, ImmutableArray<InheritedObject> inherited = default)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        _inherited = inherited.IsDefault ? [] : inherited;
        _reads = (rules.Needs & FilterNeeds.Reads) != 0;
        _collects = rules.OnViolation == OnViolation.Log;
    }

    /// <summary>
    /// The filter of the policy alone, where the session's stops more, since somebody else wants to see it: what this one lets through is let go on. Null where the session's is the policy's.
    /// </summary>
    internal FilterProgram? OwnFilter { get; init; }

    /// <summary>Judges a call.</summary>
    /// <param name="row">The row of its number.</param>
    /// <param name="args">Its registers.</param>
    /// <param name="memory">The memory of the caller.</param>
    /// <param name="paths">Resolves as the caller.</param>
    /// <param name="tree">The session's processes, seen from the caller.</param>
    /// <param name="request">Filled with the decoded call.</param>
    /// <param name="into">Filled with the verdict; its paths are valid until the next call.</param>
    public void Judge(
        SyscallRow row,
        in SyscallArgs args,
        ITraceeMemory memory,
        IPathResolver paths,
        ITraceeTree tree,
        SyscallRequest request,
        Judgement into)
    {
        into.Reset();
        if (OwnFilter is not null && OwnFilter.AnswerTo(row.Number, LinuxX64.Table.AuditArchitecture, in args) == SeccompData.ReturnAllow)
        {
            RequestDecoder.Clear(row, in args, request);
            into.IsNotOfPolicy = true;
            return;
        }

        if (row.Disposition == Disposition.Fake)
        {
            into.Verdict = row.RefusalErrno.IsSuccess ? Verdict.Fake(0) : Verdict.Deny(row.RefusalErrno);
            return;
        }

        var isDecoded = JudgeCall(row, in args, memory, paths, tree, request, into);
        if (into.IsViolation)
        {
            Excuse(new CallFacts(request, memory, paths, tree, into.Second), into);
        }
        else if (into.Verdict.Kind == VerdictKind.Deny)
        {
            var facts = new CallFacts(request, memory, paths, tree, into.Second);
            var order = s_orders[row.Number];
            var first = order is null ? Errno.None : isDecoded ? order.OfUnresolved(in facts) : order.OfUndecoded(in facts);
            into.Verdict = first.IsSuccess ? EarlierErrors.Before(into.Verdict, request, memory) : Verdict.Deny(first);
        }
    }

    /// <summary>A call that would have failed anyway fails with the kernel's error, and nothing was tried that a rule had to keep from happening.</summary>
    private static void Excuse(in CallFacts facts, Judgement into)
    {
        var error = s_orders[facts.Request.Row.Number]?.OfRefused(in facts) ?? Errno.None;
        if (error.IsSuccess)
        {
            return;
        }

        // Under collect-only the kernel says it itself, but for what could hurt the engine: its argument could be another one by then.
        var letsGo = into.Verdict.Kind == VerdictKind.Continue;
        into.Reset();
        into.Verdict = letsGo ? Verdict.Continue : Verdict.Deny(error);
    }

    /// <returns>False where the call could not be decoded.</returns>
    private bool JudgeCall(
        SyscallRow row,
        in SyscallArgs args,
        ITraceeMemory memory,
        IPathResolver paths,
        ITraceeTree tree,
        SyscallRequest request,
        Judgement into)
    {
        var error = RequestDecoder.Decode(row, args, memory, request);
        if (row.Disposition == Disposition.Refuse || row.Shape == RequestShape.Refusal)
        {
            JudgeRefusal(row, error, request, paths, into);
            return true;
        }

        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(FirstOf(request, error, paths, into.First));
            return false;
        }

        switch (row.Shape)
        {
            case RequestShape.Paths:
                JudgePaths(request, paths, tree, into);
                break;
            case RequestShape.Access:
                JudgeAccess(request, paths, tree, into);
                break;
            case RequestShape.Open:
                JudgeOpen(request, paths, tree, into);
                break;
            case RequestShape.Descriptor:
                JudgeDescriptor(request, memory, paths, tree, into);
                break;
            case RequestShape.Exec:
                JudgeExec(request, paths, tree, into);
                break;
            case RequestShape.Socket:
                JudgeSocket(request, into);
                break;
            case RequestShape.Connect:
                JudgeConnect(request, paths, into);
                break;
            case RequestShape.Bind:
                JudgeBind(request, paths, tree, into);
                break;
            case RequestShape.Listen:
                JudgeListen(request, tree, into);
                break;
            case RequestShape.SendTo or RequestShape.SendMsg or RequestShape.SendMMsg:
                JudgeSend(request, paths, into);
                break;
            case RequestShape.CoreLimit:
                JudgeCoreLimit(request, memory, into);
                break;
            case RequestShape.SocketOption:
                JudgeSocketOption(request, paths, into);
                break;
            case RequestShape.Signal:
                JudgeSignal(request, paths, tree, into);
                break;
            case RequestShape.Process:
                JudgeProcess(request, tree, into);
                if (into.Verdict.Kind == VerdictKind.Continue)
                {
                    JudgeCoreLimit(request, memory, into);
                }

                break;
            case RequestShape.Affinity:
                JudgeAffinity(request, tree, into);
                break;
            case RequestShape.MessageQueue:
                JudgeMessageQueue(request, paths, tree, into);
                break;
            case RequestShape.Group:
                JudgeGroup(request, tree, into);
                break;
            case RequestShape.FileOwner:
                JudgeFileOwner(request, memory, paths, tree, into);
                break;
            case RequestShape.Credentials:
                into.Verdict = Verdict.Continue;
                break;
            default:
                // A row that stops and has no form is a mistake of the table.
                into.Verdict = row.Disposition == Disposition.Pass ? Verdict.Continue : Verdict.Deny(Errno.EPERM);
                break;
        }

        return true;
    }

    /// <summary>A call that no policy allows. Its first path, where it has one that can be read, goes into the report.</summary>
    private void JudgeRefusal(SyscallRow row, Errno error, SyscallRequest request, IPathResolver paths, Judgement into)
    {
        var errno = row.RefusalErrno.IsSuccess ? Errno.EPERM : row.RefusalErrno;
        if (error.IsSuccess && request.OperandCount > 0)
        {
            into.Given = request.First.Path;
            if (Resolve(request.First, request.First.Follow ? ResolveOptions.None : ResolveOptions.NoFollow, paths, into.First).IsSuccess)
            {
                into.Resolved = into.First.CanonicalMemory;
            }
        }

        Refuse(into, errno, ViolationSubject.Call, (row.Traits & SyscallTraits.Integrity) != 0);
    }

    /// <summary>Records a violation and says what becomes of the call under this policy.</summary>
    /// <param name="into">Has <see cref="Judgement.Given"/> and <see cref="Judgement.Resolved"/> set already.</param>
    /// <param name="errno">What the guest gets.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="integrity">True when letting it through would hurt the engine: then collect-only refuses it too.</param>
    private void Refuse(Judgement into, Errno errno, ViolationSubject subject, bool integrity = false)
    {
        into.IsViolation = true;
        into.ViolationErrno = errno;
        into.Subject = subject;
        into.Verdict = _rules.OnViolation switch
        {
            OnViolation.Log when !integrity => Verdict.Continue,
            OnViolation.Kill => Verdict.Kill,
            _ => Verdict.Deny(errno),
        };
    }

    /// <summary>
    /// Fails the call without a violation: the kernel would have failed it too, and nothing was lost by trying. Under collect-only the kernel is asked.
    /// </summary>
    private void Decline(Judgement into, Errno errno) => into.Verdict = _collects ? Verdict.Continue : Verdict.Deny(errno);

    private static Errno Resolve(in PathOperand operand, ResolveOptions options, IPathResolver paths, ResolvedPath into)
    {
        if ((options & ResolveOptions.Stat) != 0 && into.IsStated)
        {
            // It was resolved before its denial, and the port looked at it already.
            return Errno.None;
        }

        if (!operand.IsDescriptor)
        {
            return paths.Resolve(operand.DirFd, operand.Path.Span, options, into);
        }

        if (operand.DirFd == KernelBits.AT_FDCWD)
        {
            // The empty path with AT_FDCWD is the working directory.
            return paths.Resolve(operand.DirFd, "."u8, options & ResolveOptions.Stat, into);
        }

        var error = paths.ResolveDescriptor(operand.DirFd, into);
        if (error.IsSuccess && (options & ResolveOptions.Stat) != 0 && into.Inode == 0)
        {
            Identify(operand.DirFd, paths, into);
        }

        return error;
    }

    /// <summary>
    /// Adds to a descriptor's object its kind, device and inode, which the port does not tell of it by itself: by way of its name in proc. Where that
    /// cannot be had, the object stays unknown.
    /// </summary>
    private static void Identify(int fd, IPathResolver paths, ResolvedPath into)
    {
        Span<byte> path = stackalloc byte[32];
        "/proc/thread-self/fd/"u8.CopyTo(path);
        fd.TryFormat(path[21..], out var digits, default, CultureInfo.InvariantCulture);
        if (!paths.Resolve(KernelBits.AT_FDCWD, path[..(21 + digits)], ResolveOptions.Stat, into).IsSuccess)
        {
            paths.ResolveDescriptor(fd, into);
        }
    }
}
