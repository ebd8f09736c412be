using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing;

namespace Catbox.Testing;

/// <summary>
/// A thread of a scripted guest. Each method publishes one stop as the tracer loop would and gives its sequence, which the command that resolves the stop
/// must echo.
/// </summary>
internal sealed class ScriptedThread(ScriptedTracer tracer, TracedSession session, IStopSink sink, int pid, int tid)
{
    /// <summary>The thread's number.</summary>
    public int Tid => tid;

    /// <summary>It enters a call that the filter wants judged: <c>Enter("openat", -100, "/etc/passwd", 1)</c>.</summary>
    /// <param name="call">The call's name on x86-64.</param>
    /// <param name="arguments">Numbers as they are; strings and bytes are put in the guest's memory, and their address is the argument.</param>
    public long Enter(string call, params ReadOnlySpan<ScriptedArgument> arguments) => EnterNumber(LinuxX64.Table.Named(call).Number, arguments);

    /// <summary>It comes to a call again, since the tracer has put it back before it.</summary>
    public long EnterAgain(string call, params ReadOnlySpan<ScriptedArgument> arguments) => Enter(LinuxX64.Table.Named(call).Number, isAgain: true, arguments);

    /// <summary>It enters a call by its number.</summary>
    public long EnterNumber(long number, params ReadOnlySpan<ScriptedArgument> arguments) => Enter(number, isAgain: false, arguments);

    private long Enter(long number, bool isAgain, ReadOnlySpan<ScriptedArgument> arguments)
    {
        var stop = new RawStop { Kind = StopKind.Seccomp, Number = number, IsAgain = isAgain };
        for (var i = 0; i < arguments.Length; i++)
        {
            stop.Args[i] = arguments[i].Place(tracer.Memory);
        }

        session.Counters.CountSyscall(number);
        return Publish(stop);
    }

    /// <summary>It has made a task.</summary>
    /// <param name="child">The task.</param>
    /// <param name="cloneFlags">What it shares, <see cref="CloneFlags"/>.</param>
    public long Fork(int child, ulong cloneFlags = 0) => Publish(new RawStop { Kind = StopKind.Fork, Message = child, CloneFlags = cloneFlags });

    /// <summary>It has executed a program.</summary>
    /// <param name="program">The program, as the kernel tells it.</param>
    /// <param name="arguments">argv.</param>
    public long Exec(string program, params string[] arguments)
    {
        tracer.Processes.Programs[pid] = (program, arguments);
        return Publish(new RawStop { Kind = StopKind.Exec, Message = tid });
    }

    /// <summary>Its first stop.</summary>
    public long Start() => Publish(new RawStop { Kind = StopKind.Start });

    /// <summary>A signal is about to be delivered.</summary>
    public long Signal(int signal) => Publish(new RawStop { Kind = StopKind.Signal, Signal = signal });

    /// <summary>Its group is stopped by a signal.</summary>
    public long GroupStop(int signal) => Publish(new RawStop { Kind = StopKind.Group, Signal = signal });

    /// <summary>Its group goes on.</summary>
    public long Trap() => Publish(new RawStop { Kind = StopKind.Trap });

    /// <summary>It has exited.</summary>
    public long Exit(int code) => Publish(new RawStop { Kind = StopKind.Exit, Status = WaitStatus.ForExit(code) });

    /// <summary>A signal has ended it.</summary>
    public long Die(int signal, bool core = false) => Publish(new RawStop { Kind = StopKind.Exit, Status = WaitStatus.ForSignal(signal, core) });

    /// <summary>Any stop; thread, process and sequence are filled in.</summary>
    public long Publish(RawStop stop)
    {
        stop.Pid = pid;
        stop.Tid = tid;
        stop.Sequence = tracer.NextSequence();
        session.Counters.Count(stop.Kind);
        sink.Stops.TryWrite(stop);
        sink.Notify();
        return stop.Sequence;
    }
}
