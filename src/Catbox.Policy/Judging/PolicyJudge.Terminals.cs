using System.Buffers.Binary;
using System.Buffers.Text;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

// Job control: what reaches whoever shares a terminal, or a process group.
internal sealed partial class PolicyJudge
{
    // include/uapi/linux/major.h
    private const int TTY_MAJOR = 4, UNIX98_PTY_SLAVE_MAJOR = 136;
    private const uint ConsoleRange = 0x4B00, VirtualTerminalRange = 0x5600, RangeMask = 0xFFFFFF00;

    // Where the characters that send signals stand (include/uapi/asm-generic/termbits-common.h, termios.h), in struct termios and in struct termio.
    private const int VINTR = 0, VQUIT = 1, VSUSP = 10;
    private const int TermiosCharacters = 17, TermioCharacters = 9, Termio = 18;

    /// <summary>
    /// Control characters that a terminal sends by itself, in answer to a question (BEL, ESC), and those that people type in any text. As the character of a
    /// signal, the first would let a guest send it, the second have it sent, to all that share the group in front.
    /// </summary>
    private const uint SpokenCharacters = (1u << 7) | (1u << 8) | (1u << 9) | (1u << 10) | (1u << 13) | (1u << 27);

    /// <summary>setpgid: into a group of its own, of the session's own, or the one that the session was started in.</summary>
    private void JudgeGroup(SyscallRequest request, ITraceeTree tree, Judgement into)
    {
        var index = request.Row.IndexOf(ArgKind.Pid);
        if (index is < 0 or > 4)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var pid = KernelBits.Int(request.Args[index]);
        var group = KernelBits.Int(request.Args[index + 1]);
        pid = pid == 0 ? tree.CallerPid : pid;
        if (group <= 0 || group == pid || !tree.HasProcess(pid))
        {
            // One of its own, or what the kernel refuses.
            return;
        }

        JudgeGroupTarget(group, allowsShared: true, Errno.EPERM, tree, into);
    }

    /// <summary>Lets a call on a group through where it is of the session; otherwise says what the guest gets.</summary>
    /// <param name="group">The group, positive.</param>
    /// <param name="allowsShared">Whether the group that the session was started in will do: to be in it or in front is nothing new, to reach all in it is.</param>
    /// <param name="none">What the kernel says of a group that nobody is in.</param>
    /// <param name="tree">The session's processes.</param>
    /// <param name="into">Gets the verdict.</param>
    private void JudgeGroupTarget(int group, bool allowsShared, Errno none, ITraceeTree tree, Judgement into)
    {
        switch (tree.StandingOfGroup(group))
        {
            case GroupStanding.Own:
                break;
            case GroupStanding.Shared when allowsShared:
                break;
            case GroupStanding.None:
                into.Verdict = Verdict.Deny(none);
                break;
            default:
                SetText(into, DestinationText.Group(group, into.Text));
                Refuse(into, Errno.EPERM, ViolationSubject.Process);
                break;
        }
    }

    /// <summary>A request of <see cref="TerminalRequests"/> that is judged.</summary>
    /// <returns>False where it is to be judged as any other: a device that is no terminal of people's.</returns>
    private bool JudgeTerminalRequest(SyscallRequest request, int index, in TerminalRequest row, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (row.Kind == TerminalRequestKind.Never)
        {
            Refuse(into, Errno.EPERM, ViolationSubject.Call, integrity: true);
            return true;
        }

        var resolved = into.First;
        var error = request.First.DirFd < 0 ? Errno.EBADF : paths.ResolveDescriptor(request.First.DirFd, resolved);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return true;
        }

        if (row.Kind == TerminalRequestKind.Owner)
        {
            JudgeOwnerRequest(row, request.Args[index + 1], memory, tree, into);
            return true;
        }

        if (!IsTerminal(resolved))
        {
            if (!IsDevice(resolved))
            {
                into.Verdict = Verdict.Deny(Errno.ENOTTY);
                return true;
            }

            // A serial port, a console: whoever may write it may do this. Its modes and its group in front are held to what was judged all the same.
            return row.Size > 0 && !JudgeArgument(row, request.Args[index + 1], memory, tree, into);
        }

        if (row.Kind == TerminalRequestKind.Device)
        {
            into.Resolved = resolved.CanonicalMemory;
            Refuse(into, Errno.EPERM, ViolationSubject.Call);
            return true;
        }

        if (row.Kind == TerminalRequestKind.Controls)
        {
            return true;
        }

        switch (IsMaster(resolved.Canonical) ? TerminalStanding.Own : tree.StandingOfTerminal(DeviceOf(resolved.Canonical, tree)))
        {
            case TerminalStanding.Background when tree.IsStoppedInBackground:
            case TerminalStanding.Own:
                if (row.Size > 0)
                {
                    JudgeArgument(row, request.Args[index + 1], memory, tree, into);
                }

                break;
            default:
                into.Resolved = resolved.CanonicalMemory;
                Refuse(into, Errno.EPERM, ViolationSubject.Call);
                break;
        }

        return true;
    }

    /// <summary>What a request reads: read once, and made with that.</summary>
    /// <returns>True where it is let through.</returns>
    private bool JudgeArgument(in TerminalRequest row, ulong address, ITraceeMemory memory, ITraceeTree tree, Judgement into)
    {
        if (!TryReadArgument(address, row.Size, memory, into))
        {
            return false;
        }

        var bytes = into.Argument.Span;
        if (row.Kind == TerminalRequestKind.Front)
        {
            var group = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (group > 0)
            {
                JudgeGroupTarget(group, allowsShared: true, Errno.ESRCH, tree, into);
            }
        }
        else if (!AreSilent(bytes))
        {
            Refuse(into, Errno.EPERM, ViolationSubject.Call);
        }

        return into.Verdict.Kind == VerdictKind.Continue && !into.IsViolation;
    }

    /// <summary>Whether no signal is sent by what a terminal answers, or by what stands in any text.</summary>
    private static bool AreSilent(ReadOnlySpan<byte> modes)
    {
        var characters = modes[(modes.Length == Termio ? TermioCharacters : TermiosCharacters)..];
        return IsSilent(characters[VINTR]) && IsSilent(characters[VQUIT]) && (characters.Length <= VSUSP || IsSilent(characters[VSUSP]));
    }

    private static bool IsSilent(byte character) => character < 32 && ((SpokenCharacters >> character) & 1) == 0;

    /// <summary>FIOASYNC, and FIOSETOWN and SIOCSPGRP of sockets.</summary>
    private void JudgeOwnerRequest(in TerminalRequest row, ulong address, ITraceeMemory memory, ITraceeTree tree, Judgement into)
    {
        if (TryReadArgument(address, row.Size, memory, into) && row.Number != FIOASYNC)
        {
            JudgeOwner(BinaryPrimitives.ReadInt32LittleEndian(into.Argument.Span), tree, into);
        }
    }

    private static bool TryReadArgument(ulong address, int size, ITraceeMemory memory, Judgement into)
    {
        if (memory.Read(address, into.Room.AsSpan(0, size), out var read).IsSuccess && read == size)
        {
            into.Argument = into.Room.AsMemory(0, size);
            return true;
        }

        into.Verdict = Verdict.Deny(Errno.EFAULT);
        return false;
    }

    /// <summary>A request that no line tells of, on a terminal: what the kernel says of it there, and of a console's it is refused.</summary>
    private void JudgeUnknownTerminalRequest(uint request, ResolvedPath resolved, ITraceeTree tree, Judgement into)
    {
        var device = DeviceOf(resolved.Canonical, tree);
        if ((request & RangeMask) is ConsoleRange or VirtualTerminalRange && device >> 8 == TTY_MAJOR)
        {
            into.Resolved = resolved.CanonicalMemory;
            Refuse(into, Errno.EPERM, ViolationSubject.Call);
            return;
        }

        into.Verdict = Verdict.Deny(Errno.ENOTTY);
    }

    private static bool IsMaster(ReadOnlySpan<byte> path) => path.SequenceEqual("/dev/ptmx"u8) || path.SequenceEqual("/dev/pts/ptmx"u8);

    /// <summary>Whether it may be a device at all. Its kind is not known unless it was asked for.</summary>
    private static bool IsDevice(ResolvedPath resolved) =>
        resolved.Kind is FileKind.CharacterDevice or FileKind.Unknown && resolved.Canonical.StartsWith("/dev/"u8);

    /// <summary>The number of a terminal as /proc/PID/stat has it (new_encode_dev, include/linux/kdev_t.h).</summary>
    private static int DeviceOf(ReadOnlySpan<byte> path, ITraceeTree tree)
    {
        if (!DefaultWritablePaths.IsPty(path) || !Utf8Parser.TryParse(path["/dev/pts/".Length..], out int number, out _))
        {
            return tree.CallerTerminal;
        }

        return (number & 0xff) | (UNIX98_PTY_SLAVE_MAJOR << 8) | ((number & ~0xff) << 12);
    }
}
