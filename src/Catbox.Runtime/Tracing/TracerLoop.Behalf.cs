using System.Diagnostics;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Tracing;

// Calls on behalf that could wait for a guest.
//
// A change of an inode waits for whoever holds it (i_rwsem), and no system call can be told how long. A guest holds one as long as its write takes, so that a loop that made the
// change itself would stand still with all its sessions. Where the caller is the only task of all loops that runs, nobody can hold anything, and the loop makes the call. Else a hand
// does (BehalfHand), and the loop waits for it a little. When it is late the guest stays in its stop, and the answer comes as a command.
//
// While a call is late it may itself hold a directory (unlink holds the parent while it waits for the file). So the loop looks paths up only as far as the kernel knows them by
// itself then, and asks the rest elsewhere (FarMounts.IsBusy). A session has one late call at a time; its others wait for that one in their stops.
//
// What does not work: asking first whether the inode is held (it can be taken in between, and no call tells of a directory); a signal to the waiting thread (the wait cannot be
// interrupted); looking whether the other tasks sleep (they wake).
internal sealed partial class TracerLoop
{
    /// <summary>How long a hand is waited for, milliseconds.</summary>
    private const int Patience = 2;

    /// <summary>More late calls than this are not under way at a time: others wait for one of them.</summary>
    private const int MaxHands = 64;

    /// <summary>For so long after a late call the session's calls are not waited for at all: else one that lets each be just late would have the loop wait most of the time.</summary>
    private static readonly TimeSpan s_impatience = TimeSpan.FromMilliseconds(100);

    private readonly List<BehalfHand> _hands = [];
    private readonly Stack<BehalfHand> _idleHands = new();
    private readonly Queue<(int Tid, long Sequence)> _awaitingLate = new();
    private readonly Dictionary<int, Tracee> _vforks = [];
    private int _lateCalls;
    private int _lateChanges;

    /// <summary>Whether a call could wait for another guest.</summary>
    internal bool HandsOver(Tracee caller)
    {
        if (_hasSiblings || _lateCalls > 0)
        {
            return true;
        }

        foreach (var tracee in _tracees.Values)
        {
            if (tracee.State == TraceeState.Running && tracee != caller && !tracee.AwaitsVfork)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Has a hand make a call.</summary>
    /// <returns><see cref="BehalfOutcome.Waits"/> where it is late, or has to wait for one that is.</returns>
    internal BehalfOutcome HandOver(BehalfOperation operation, GuestCall call, Tracee tracee, out long result)
    {
        result = 0;
        var session = tracee.Process.Session;
        if (session.HasLateCall || !TryTakeHand(out var hand))
        {
            AwaitLateCall(tracee);
            return BehalfOutcome.Waits;
        }

        if (!hand.Calls!.Prepare(operation, call.Request, tracee, out result))
        {
            _idleHands.Push(hand);
            return hand.Calls.Conclude(tracee, PinState.Fails, ref result);
        }

        hand.SitDown(_placement);
        hand.Begin(operation, call, tracee);
        if (hand.Finishes(session.WasLateAt != 0 && Stopwatch.GetElapsedTime(session.WasLateAt) < s_impatience ? 0 : Patience))
        {
            _idleHands.Push(hand);
            return hand.Conclude(this, tracee, out result);
        }

        call.Keep();
        session.HasLateCall = true;
        _lateCalls++;
        _lateChanges += hand.ChangesDirectory ? 1 : 0;
        _far.Mounts.IsBusy = true;
        return BehalfOutcome.Waits;
    }

    /// <summary>The first hand, so that one is always there when no call is late.</summary>
    private bool TryMakeFirstHand()
    {
        if (!TryTakeHand(out var hand))
        {
            return false;
        }

        _idleHands.Push(hand);
        return true;
    }

    private bool TryTakeHand([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BehalfHand? hand)
    {
        if (_idleHands.TryPop(out hand))
        {
            return true;
        }

        hand = _hands.Count < MaxHands ? BehalfHand.TryMake(this, _far.Mounts, command => Send(command)) : null;
        if (hand is null)
        {
            return false;
        }

        _hands.Add(hand);
        return true;
    }

    /// <summary>Its stop stays, and it comes to its call again when a late one has ended.</summary>
    private void AwaitLateCall(Tracee tracee) => _awaitingLate.Enqueue((tracee.Tid, tracee.Sequence));

    private void EndLateCall(in TracerCommand command)
    {
        var hand = command.Hand!;
        hand.Session.HasLateCall = false;
        hand.Session.WasLateAt = Stopwatch.GetTimestamp();
        _lateChanges -= hand.ChangesDirectory ? 1 : 0;
        _far.Mounts.IsBusy = --_lateCalls > 0;
        var tracee = Parked(command);
        var outcome = hand.Conclude(this, tracee, out var result);
        hand.Call.Release();
        _idleHands.Push(hand);
        if (tracee is not null)
        {
            switch (outcome)
            {
                case BehalfOutcome.Done:
                    Skip(tracee, result);
                    break;
                case BehalfOutcome.JudgeAgain:
                    tracee.Answers = null;
                    tracee.State = TraceeState.Running;
                    StartOver(tracee);
                    break;
                default:
                    tracee.Answers = null;
                    tracee.State = TraceeState.Running;
                    Check(tracee, "PTRACE_CONT", Ptrace.Cont(tracee.Tid, 0));
                    break;
            }
        }

        // Those that have to wait for another one come again.
        for (var left = _awaitingLate.Count; left > 0; left--)
        {
            var (tid, sequence) = _awaitingLate.Dequeue();
            if (Parked(tid, sequence) is { } waiting)
            {
                waiting.State = TraceeState.Running;
                StartOver(waiting);
            }
        }
    }

    /// <summary>A maker that waits for its child's program (vfork(2)) runs nothing until then.</summary>
    private void BeginVfork(Tracee maker, int child)
    {
        _vforks[child] = maker;
        maker.AwaitsVfork = true;
    }

    private void EndVfork(int child)
    {
        if (_vforks.Count > 0 && _vforks.Remove(child, out var maker))
        {
            maker.AwaitsVfork = false;
        }
    }
}
