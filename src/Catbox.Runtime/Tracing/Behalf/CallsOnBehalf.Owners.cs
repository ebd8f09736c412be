using System.Buffers.Binary;
using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

// Who gets which signal when a descriptor is ready (fcntl(2), F_SETOWN_EX, F_SETSIG, O_ASYNC): SIGKILL too, and without anybody looking when it is sent.
//
// An open file has a receiver that others may have set, and that a terminal sets by itself when O_ASYNC is asked for and there is none: the group in front
// (__tty_fasync, drivers/tty/tty_io.c). So the tracer takes a copy of the descriptor, looks who the receiver is, makes the guest itself the one where a terminal has
// none, and makes the call on the copy: no thread of the guest's can exchange it.
internal sealed partial class CallsOnBehalf
{
    private const int F_SETFL = 4;
    private const int O_ASYNC = 0x2000;

    private static BehalfOutcome SetOwner(SyscallRequest request, Judgement judgement, Tracee tracee, out long result)
    {
        var error = Credentials.CopyDescriptor(tracee.Process.Pid, tracee.Tid, (int)request.Args[0], out var copy);
        if (!error.IsSuccess)
        {
            result = -error.Value;
            return BehalfOutcome.Done;
        }

        try
        {
            return SetOwner(request, judgement, tracee, copy, out result);
        }
        finally
        {
            Io.Close(copy);
        }
    }

    private static BehalfOutcome SetOwner(SyscallRequest request, Judgement judgement, Tracee tracee, int copy, out long result)
    {
        var argument = judgement.Argument.Span;
        var isRequest = request.Row.Shape == RequestShape.Descriptor;
        if (isRequest ? (uint)request.Args[1] != Owners.FIOASYNC : (int)request.Args[1] == Owners.F_SETOWN_EX)
        {
            // The receiver itself, which was judged.
            result = isRequest ? Changes.Control(copy, (uint)request.Args[1], argument) : Owners.Set(copy, argument);
            return BehalfOutcome.Done;
        }

        if (!IsOwn(copy, tracee, out var hasOwner))
        {
            result = -Errno.EPERM.Value;
            return BehalfOutcome.Done;
        }

        if (!isRequest && (int)request.Args[1] != F_SETFL)
        {
            result = Owners.Control(copy, (int)request.Args[1], (nint)request.Args[2]);
            return BehalfOutcome.Done;
        }

        // A siginfo names the descriptor by the number that it was asked for with, which the guest's own call has right. No receiver comes with it but on a terminal.
        var isTerminal = Terminals.IsTerminal(copy);
        if (!isTerminal && !tracee.Descriptors.IsShared)
        {
            result = 0;
            return BehalfOutcome.AsItStands;
        }

        var turnsOn = isRequest ? BinaryPrimitives.ReadInt32LittleEndian(argument) != 0 : ((int)request.Args[2] & O_ASYNC) != 0;
        if (turnsOn && isTerminal && !hasOwner)
        {
            Span<byte> owner = stackalloc byte[2 * sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(owner, Owners.F_OWNER_PID);
            BinaryPrimitives.WriteInt32LittleEndian(owner[sizeof(int)..], tracee.Process.Pid);
            result = Owners.Set(copy, owner);
            if (result != 0)
            {
                return BehalfOutcome.Done;
            }
        }

        result = isRequest ? Changes.Control(copy, (uint)request.Args[1], argument) : Owners.Control(copy, F_SETFL, (nint)request.Args[2]);
        return BehalfOutcome.Done;
    }

    /// <summary>Whether the receiver that an open file has is of the guest's session, or is nobody.</summary>
    private static bool IsOwn(int copy, Tracee tracee, out bool hasOwner)
    {
        Span<byte> owner = stackalloc byte[2 * sizeof(int)];
        hasOwner = false;
        if (Owners.Get(copy, owner) != 0)
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadInt32LittleEndian(owner);
        var id = BinaryPrimitives.ReadInt32LittleEndian(owner[sizeof(int)..]);
        hasOwner = id != 0;
        if (!hasOwner)
        {
            return true;
        }

        var processes = tracee.Process.Session.Processes;
        if (kind != Owners.F_OWNER_PGRP)
        {
            return processes.Contains(kind == Owners.F_OWNER_TID ? TraceeInspector.ReadRelations(id).Group : id);
        }

        return id != Signals.GroupOf(0) && processes.Any(pid => Signals.GroupOf(pid) == id);
    }
}
