using System.Buffers.Binary;
using System.Diagnostics;
using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Repeats;

namespace Catbox.Runtime.Tracing;

// Calls that a signal has ended which nobody handles.
//
// Outside, such a signal is thrown away when it is sent. The kernel keeps it for a traced task and wakes that (sig_ignored, kernel/signal.c), so that its call comes to an end. Most calls
// the kernel then makes again by itself. Of the others, those that have done nothing get another result here, ERESTARTNOHAND: with that the kernel makes the call again too, unless a handler
// runs first. So it is the kernel that says whether the signal is handled, and nobody has to look.
//
// Some calls cannot be made again as they were: what has a time limit would never end, and of what has been written in part the rest is to be written. These are made with the same
// result from a stop at their beginning, where their arguments are changed, to one at their end, where the guest gets its own registers back. There it has to be known before that no handler
// will run, since it would find the wrong result: the process's dispositions are looked at, and the signal is not delivered.
//
// What does not work: keeping these signals from the task. To block them shows, and is inherited; to send SIGCHLD to nobody (exit_signal 0) keeps the parent from waiting for its child.
internal sealed partial class TracerLoop
{
    private const long SYS_sendto = 44;

    private static readonly long s_endless = 365L * 24 * 3600;

    private readonly SignalDispositions _dispositions = new();

    /// <summary>A task stopped on its way out of the kernel, for a signal that is to be delivered or (0) without one: the call that this has ended may have to be made again.</summary>
    private void RepeatCall(Tracee tracee, int signal)
    {
        if (!Ptrace.GetRegs(tracee.Tid, ref _rewritten).IsSuccess)
        {
            return; // Killed while it was stopped: its exit comes next.
        }

        if (tracee.Repeat is { Phase: RepeatPhase.Ordered } ordered)
        {
            // Another signal before the call is made again.
            if (!IsIgnored(tracee, signal))
            {
                TakeBack(tracee, ordered);
            }

            return;
        }

        var endsAt = tracee.Repeat is { Phase: RepeatPhase.Interrupted } last ? last.EndsAt : 0;
        ForgetRepeat(tracee);
        if ((long)_rewritten.orig_rax < 0 || LinuxX64.Table.Find((long)_rewritten.orig_rax) is not { Interruption: not Interruption.None } row)
        {
            return;
        }

        var args = ArgumentsOf(in _rewritten);
        switch (InterruptedCalls.Of(row, in args, (long)_rewritten.rax))
        {
            case Repetition.Whole:
                MakeAgain(tracee);
                break;
            case Repetition.Timed when TryReadTimeLimit(tracee, row, in args, out var seconds, out var nanoseconds):
                if (seconds >= s_endless)
                {
                    MakeAgain(tracee);
                }
                else if (IsIgnored(tracee, signal))
                {
                    OrderTimed(tracee, row, endsAt, (seconds * Stopwatch.Frequency) + (nanoseconds * Stopwatch.Frequency / 1_000_000_000));
                }

                break;
            case Repetition.Rest when IsIgnored(tracee, signal)
                && TransferTarget.CanContinue(tracee.Process.Pid, tracee.Tid, (int)args[0], row.Interruption == Interruption.Receive, out var isSocket):
                var repeat = Order(tracee, row, Repetition.Rest);
                repeat.IsSocket = isSocket;
                MakeAgain(tracee);
                break;
            default:
                break;
        }
    }

    private bool IsIgnored(Tracee tracee, int signal) => signal == 0 || _dispositions.IsIgnored(tracee.Tid, signal);

    /// <summary>The kernel makes it again on its way out, unless a handler runs.</summary>
    private void MakeAgain(Tracee tracee)
    {
        _rewritten.rax = (ulong)-Errno.ERESTARTNOHAND.Value;
        Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref _rewritten));
    }

    /// <summary>
    /// A call with a time limit. When it began nobody knows: the first time it gets all of its time again from now on, and from then on what is left of that. So it ends, at the
    /// latest after twice its time.
    /// </summary>
    private void OrderTimed(Tracee tracee, SyscallRow row, long endsAt, long limit)
    {
        var address = 0UL;
        if (endsAt != 0 && row.Interruption != Interruption.Milliseconds && !tracee.Process.Space.TryTake(out address))
        {
            return; // There is no place for what is left: EINTR stands.
        }

        var repeat = Order(tracee, row, Repetition.Timed);
        repeat.IsLimited = endsAt != 0;
        repeat.EndsAt = endsAt != 0 ? endsAt : Stopwatch.GetTimestamp() + limit;
        repeat.Address = address;
        repeat.Owner = address != 0 ? tracee.Process.Space : null;
        MakeAgain(tracee);
    }

    private RepeatedCall Order(Tracee tracee, SyscallRow row, Repetition kind)
    {
        var repeat = tracee.Repeat ??= new RepeatedCall();
        repeat.Phase = RepeatPhase.Ordered;
        repeat.Kind = kind;
        repeat.Row = row;
        repeat.Own = _rewritten;
        return repeat;
    }

    /// <summary>A task in a repeat has come to the beginning or the end of a call; its registers have been read.</summary>
    private void ObserveRepeat(Tracee tracee, RepeatedCall repeat)
    {
        switch (repeat.Phase)
        {
            case RepeatPhase.Ordered when _rewritten.rip == repeat.Own.rip && _rewritten.orig_rax == repeat.Own.orig_rax:
                repeat.Phase = RepeatPhase.Made;
                if (Rewrite(tracee, repeat) && !Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref _rewritten)))
                {
                    return;
                }

                Check(tracee, "PTRACE_SYSCALL", Ptrace.Syscall(tracee.Tid));
                break;
            case RepeatPhase.Made:
                EndRepeat(tracee, repeat, (long)_rewritten.rax);
                break;
            case RepeatPhase.Interrupted:
                // It got its EINTR, since another thread has taken the signal, and goes on with another call.
                repeat.Phase = RepeatPhase.None;
                Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
                break;
            default:
                Fault(tracee.Process.Session, "a call that was to be made again is another", tracee.Tid, Errno.EINVAL);
                break;
        }
    }

    /// <summary>At its beginning: what is to be different. The filter looks at the call after this.</summary>
    private bool Rewrite(Tracee tracee, RepeatedCall repeat)
    {
        var args = ArgumentsOf(in repeat.Own);
        if (repeat.Kind == Repetition.Rest)
        {
            args = InterruptedCalls.Rest(repeat.Row, in args, repeat.Own.rax, repeat.IsSocket);
            _rewritten.orig_rax = repeat.IsSocket && repeat.Row.Interruption == Interruption.Write ? SYS_sendto : _rewritten.orig_rax;
        }
        else if (!repeat.IsLimited)
        {
            return false;
        }
        else
        {
            var left = Math.Max(0, repeat.EndsAt - Stopwatch.GetTimestamp());
            if (repeat.Row.Interruption == Interruption.Milliseconds)
            {
                args[repeat.Row.TimeLimit] = (ulong)(((left * 1000) + Stopwatch.Frequency - 1) / Stopwatch.Frequency);
            }
            else
            {
                Span<byte> time = stackalloc byte[2 * sizeof(long)];
                var unit = repeat.Row.Interruption == Interruption.UpdatedTimeval ? 1_000_000 : 1_000_000_000;
                BinaryPrimitives.WriteInt64LittleEndian(time, left / Stopwatch.Frequency);
                BinaryPrimitives.WriteInt64LittleEndian(time[sizeof(long)..], left % Stopwatch.Frequency * unit / Stopwatch.Frequency);
                if (!_memory.Bind(tracee.Process, tracee.Tid).WriteSlot(repeat.Address, time).IsSuccess)
                {
                    return false;
                }

                args[repeat.Row.TimeLimit] = repeat.Address;
            }
        }

        SetArguments(ref _rewritten, in args);
        return true;
    }

    /// <summary>At its end: the guest's registers, and the result of the whole.</summary>
    private static void EndRepeat(Tracee tracee, RepeatedCall repeat, long result)
    {
        GiveBack(repeat);
        var own = repeat.Own;
        if (repeat.Kind == Repetition.Rest)
        {
            // The sum may be a part again, and then the next signal finds it. An error or an end after a part is told by the guest's next call, as outside: this one is over, and what
            // number −1 says is that the task is in none.
            own.rax += (ulong)Math.Max(0, result);
            own.orig_rax = result > 0 || -result >= Errno.ERESTARTSYS.Value || result == -Errno.EINTR.Value ? own.orig_rax : ulong.MaxValue;
        }
        else
        {
            own.rax = (ulong)result;
        }

        var isInterrupted = repeat.Kind == Repetition.Timed && (result == -Errno.EINTR.Value || result == -Errno.ERESTARTNOHAND.Value);
        repeat.Phase = isInterrupted ? RepeatPhase.Interrupted : RepeatPhase.None;
        if (!Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref own)))
        {
            return;
        }

        if (isInterrupted)
        {
            Check(tracee, "PTRACE_SYSCALL", Ptrace.Syscall(tracee.Tid));
        }
        else
        {
            Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
        }
    }

    /// <summary>A handler, a stop or the end comes first: the call has the result that it had.</summary>
    private static void TakeBack(Tracee tracee, RepeatedCall repeat)
    {
        ForgetRepeat(tracee);
        var own = repeat.Own;
        Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref own));
    }

    /// <summary>A filter of the guest's own sends the call to a tracer, of which there is none: it ends with what it had.</summary>
    private static void GiveUpRepeat(Tracee tracee)
    {
        var repeat = tracee.Repeat!;
        ForgetRepeat(tracee);
        tracee.State = TraceeState.Running;
        var own = repeat.Own;
        own.orig_rax = ulong.MaxValue;
        ResumeWith(tracee, ref own);
    }

    /// <summary>
    /// A task in a group stop. That ends calls outside too (signal(7)), and its own end is no reason to make one again: number −1 says that the task is in none.
    /// </summary>
    private void LeaveInterrupted(Tracee tracee)
    {
        if (tracee.Repeat is { Phase: RepeatPhase.Ordered } repeat)
        {
            TakeBack(tracee, repeat);
        }

        ForgetRepeat(tracee);
        if (!Ptrace.GetRegs(tracee.Tid, ref _rewritten).IsSuccess || (long)_rewritten.orig_rax < 0
            || LinuxX64.Table.Find((long)_rewritten.orig_rax) is not { Interruption: not Interruption.None } row)
        {
            return;
        }

        var result = (long)_rewritten.rax;
        var args = ArgumentsOf(in _rewritten);
        if (InterruptedCalls.IsToBeMadeAgain(row, result))
        {
            _rewritten.rax = (ulong)-Errno.EINTR.Value;
        }
        else if (InterruptedCalls.Of(row, in args, result) == Repetition.None)
        {
            return;
        }

        _rewritten.orig_rax = ulong.MaxValue;
        Check(tracee, "PTRACE_SETREGS", Ptrace.SetRegs(tracee.Tid, ref _rewritten));
    }

    private static void ForgetRepeat(Tracee tracee)
    {
        if (tracee.Repeat is { } repeat)
        {
            repeat.Phase = RepeatPhase.None;
            GiveBack(repeat);
        }
    }

    private static void GiveBack(RepeatedCall repeat)
    {
        repeat.Owner?.Give(repeat.Address);
        repeat.Owner = null;
    }

    private bool TryReadTimeLimit(Tracee tracee, SyscallRow row, in SyscallArgs args, out long seconds, out long nanoseconds)
    {
        (seconds, nanoseconds) = (0, 0);
        if (row.Interruption == Interruption.Milliseconds)
        {
            (seconds, nanoseconds) = ((int)args[row.TimeLimit] / 1000, (int)args[row.TimeLimit] % 1000 * 1_000_000L);
            return true;
        }

        Span<byte> time = stackalloc byte[2 * sizeof(long)];
        if (!_memory.Bind(tracee.Process, tracee.Tid).Read(args[row.TimeLimit], time, out var read).IsSuccess || read < time.Length)
        {
            return false;
        }

        seconds = BinaryPrimitives.ReadInt64LittleEndian(time);
        var fraction = BinaryPrimitives.ReadInt64LittleEndian(time[sizeof(long)..]);
        nanoseconds = row.Interruption == Interruption.UpdatedTimeval ? unchecked(fraction * 1000) : fraction;
        return seconds >= 0 && fraction >= 0 && nanoseconds is >= 0 and < 1_000_000_000;
    }

    private static SyscallArgs ArgumentsOf(in UserRegs regs)
    {
        var args = default(SyscallArgs);
        args[0] = regs.rdi;
        args[1] = regs.rsi;
        args[2] = regs.rdx;
        args[3] = regs.r10;
        args[4] = regs.r8;
        args[5] = regs.r9;
        return args;
    }

    private static void SetArguments(ref UserRegs regs, in SyscallArgs args)
    {
        regs.rdi = args[0];
        regs.rsi = args[1];
        regs.rdx = args[2];
        regs.r10 = args[3];
        regs.r8 = args[4];
        regs.r9 = args[5];
    }
}
