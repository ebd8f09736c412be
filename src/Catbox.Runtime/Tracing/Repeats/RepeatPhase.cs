namespace Catbox.Runtime.Tracing.Repeats;

/// <summary>How far a call is that the tracer has made again.</summary>
internal enum RepeatPhase : byte
{
    /// <summary>None is.</summary>
    None = 0,
    /// <summary>The task stands before it: the stop at the beginning of the call comes next, or one of another signal.</summary>
    Ordered,
    /// <summary>It is under way: the stop at its end comes next.</summary>
    Made,
    /// <summary>It was interrupted again, and the stop of that signal comes next; where nobody gets one, that of the guest's next call.</summary>
    Interrupted,
}
