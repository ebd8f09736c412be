namespace Catbox.Policy.Tracees;

/// <summary>What can happen to a traced thread (ptrace(2), "Stopped states").</summary>
internal enum ThreadEvent : byte
{
    /// <summary>Its first stop.</summary>
    Started = 0,
    /// <summary>A call that the filter wants judged.</summary>
    CallStopped,
    /// <summary>The verdict of that call was given.</summary>
    VerdictGiven,
    /// <summary>The stop of that call is the tracer's to resolve.</summary>
    LeftToTracer,
    /// <summary>Somebody else is asked about that call.</summary>
    Asked,
    /// <summary>The answer is there.</summary>
    Advised,
    /// <summary>It has waited for the answer in its stop for long enough, and waits in another call from now on.</summary>
    Waited,
    /// <summary>It made a task.</summary>
    Forked,
    /// <summary>It executed a program.</summary>
    Executed,
    /// <summary>A signal is about to be delivered.</summary>
    SignalStopped,
    /// <summary>Its group is stopped.</summary>
    GroupStopped,
    /// <summary>Its group goes on, or it was interrupted.</summary>
    Trapped,
    /// <summary>It is gone.</summary>
    Exited,
}
