using Catbox.Policy;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Wakes a thread that is blocked in wait4: a traced stub that sits in read() for ever, and is sent SIGUSR1. Its signal-delivery stop makes
/// wait4 return; the stub never sees the signal.
/// </summary>
/// <remarks>
/// Ideas that failed: a signal to the tracer thread with a handler that does nothing (lost when it comes between the look at the queues and the
/// wait: there is no wait4 that unblocks a signal atomically); a timeout (there is none in wait4 either); signalfd or pidfd in a poll (a ptrace stop
/// makes no pidfd readable); a second thread that waits (ptrace answers to the attaching thread alone).
/// </remarks>
internal sealed class Doorbell
{
    private int _rung;
    private int _pid;
    private int _pipe = -1;

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
        Volatile.Write(ref _pid, pid);
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

    /// <summary>The loop has woken by it. Must come before the queues are looked at, or a ring in between would be lost.</summary>
    public void Acknowledge()
    {
        Interlocked.Exchange(ref _rung, 0);
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
