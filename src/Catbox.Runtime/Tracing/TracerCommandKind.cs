namespace Catbox.Runtime.Tracing;

/// <summary>What the tracer thread is asked to do.</summary>
internal enum TracerCommandKind : byte
{
    /// <summary>Resume with a signal (0: none).</summary>
    Resume,
    /// <summary>Do not make the call; it returns <see cref="TracerCommand.Value"/>.</summary>
    Answer,
    /// <summary>Do not make the call; the guest comes to it again, and it is judged again.</summary>
    Retry,
    /// <summary>A file system has answered (<see cref="TracerCommand.Found"/>): the guest comes to its call again, and it is judged again.</summary>
    Answered,
    /// <summary>A call on behalf that was late has been made (<see cref="TracerCommand.Hand"/>).</summary>
    LateCallEnded,
    /// <summary>Wait in a call that a signal ends, in place of the guest's own, until <see cref="EndWait"/>.</summary>
    Wait,
    /// <summary>Come to the call again that waits.</summary>
    EndWait,
    /// <summary>Stay in a group stop, and hear of its end (PTRACE_LISTEN).</summary>
    Listen,
    /// <summary>Spawn and seize a stub.</summary>
    Launch,
    /// <summary>A new process is known: its stops go to <see cref="TracerCommand.Sink"/>.</summary>
    AdoptProcess,
    /// <summary>A new thread of a known process.</summary>
    AdoptThread,
    /// <summary>SIGKILL for one process.</summary>
    Kill,
    /// <summary>SIGKILL for every process of a session, now and to come.</summary>
    KillSession,
    /// <summary>A signal for one process or, negative, a group.</summary>
    Signal,
    /// <summary>Give a task its own CPUs back; for good when <see cref="TracerCommand.Value"/> is not 0.</summary>
    Unplace,
    /// <summary>The session is over: forget it.</summary>
    EndSession,
}
