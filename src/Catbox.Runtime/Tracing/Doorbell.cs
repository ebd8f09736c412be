using Catbox.Policy;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Wakes a thread that is blocked in wait4: a traced stub that sits in read() for ever, and is sent SIGUSR1. Its signal-delivery stop makes
/// wait4 return; the stub never sees the signal. It is the loop's timer too: sent to sleep for a while, it stops by itself when that is over.
/// </summary>
/// <remarks>
/// Ideas that failed: a signal to the tracer thread with a handler that does nothing (lost when it comes between the look at the queues and the
/// wait: there is no wait4 that unblocks a signal atomically); a timeout (there is none in wait4 either); signalfd or pidfd in a poll (a ptrace stop
/// makes no pidfd readable); a second thread that waits (ptrace answers to the attaching thread alone). For the timer: a .NET one wakes two threads, of
/// which the pool's then spins for work that does not come, on the CPU that the guests should have.
/// </remarks>
internal sealed class Doorbell
{
    private int _rung;
    private int _pid;
    private int _pipe = -1;
    private long _interval;
    private bool _isAsleep;
    private UserRegs _reading;

    /// <summary>The stub's pid, for the loop to recognise.</summary>
    public int Pid => Volatile.Read(ref _pid);

    /// <summary>Makes the stub. On the loop thread.</summary>
    public (string Operation, Errno Errno) Open()
    {
        Io.Close(_pipe);
        _pipe = -1;
        var error = StubProcess.Spawn(StubImage.Build([]), [-1, -1, -1], 0, out var pid, out var pipe);
        if (!error.IsSuccess)
        {
            return ("posix_spawn of the doorbell", error);
        }

        error = Ptrace.Seize(pid, Ptrace.PTRACE_O_EXITKILL);
        if (!error.IsSuccess)
        {
            Io.Close(pipe);
            _ = Signals.Kill(pid, Signals.SIGKILL);
            _ = Wait.One(pid, 0, out _);
            return ("PTRACE_SEIZE of the doorbell", error);
        }

        _pipe = pipe;
        _isAsleep = false;
        Volatile.Write(ref _pid, pid);

        // A ring that went to a predecessor is lost; what it was for, the loop finds when it looks at its queues next, which is before it waits.
        Interlocked.Exchange(ref _rung, 0);
        if (_interval > 0)
        {
            Ring();
        }

        return default;
    }

    /// <summary>Makes wait4 return. From any thread; many rings before the loop has woken are one.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _ = Signals.Kill(Pid, Signals.SIGUSR1);
        }
    }

    /// <summary>Asks for a tick so many nanoseconds after the next acknowledgement (less than a second; 0: no more). On the loop thread.</summary>
    public void TickAfter(long nanoseconds)
    {
        if (_interval == 0 && nanoseconds != 0)
        {
            // It sits in read() and can be sent to sleep only where it is stopped.
            Ring();
        }

        _interval = nanoseconds;
    }

    /// <summary>The loop has woken by it. Must come before the queues are looked at, or a ring in between would be lost.</summary>
    /// <param name="signal">What it stopped by.</param>
    /// <returns>True when it was a tick; then <see cref="Resume"/> must follow.</returns>
    public bool Acknowledge(int signal)
    {
        if (signal == Signals.SIGTRAP && _isAsleep)
        {
            return true;
        }

        Interlocked.Exchange(ref _rung, 0);
        if (!_isAsleep)
        {
            Resume();
        }
        else
        {
            // Rung in its sleep, which it goes on with (restart_syscall(2)).
            _ = Ptrace.Cont(Pid, 0);
        }

        return false;
    }

    /// <summary>Lets it wait for the next ring or, where one was asked for, sleep until the next tick.</summary>
    public void Resume()
    {
        if (!_isAsleep && _interval > 0)
        {
            _ = Ptrace.GetRegs(Pid, ref _reading);
        }

        if (_isAsleep || _interval > 0)
        {
            var regs = _reading;
            if (_interval > 0)
            {
                // Not in a call any more, so that the kernel does not restart the read() at another address.
                regs.orig_rax = ulong.MaxValue;
                regs.rip = StubImage.TickAddress;
                regs.rdx = (ulong)_interval;
            }

            _ = Ptrace.SetRegs(Pid, ref regs);
            _isAsleep = _interval > 0;
        }

        _ = Ptrace.Cont(Pid, 0);
    }

    /// <summary>Lets the stub go.</summary>
    public void Close()
    {
        var pid = Pid;
        Volatile.Write(ref _pid, 0);
        Io.Close(_pipe);
        _pipe = -1;
        if (pid > 0)
        {
            _ = Signals.Kill(pid, Signals.SIGKILL);
            _ = Wait.One(pid, 0, out _);
        }
    }
}
