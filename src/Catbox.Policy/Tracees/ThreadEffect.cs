namespace Catbox.Policy.Tracees;

/// <summary>What is to be done about an event of a thread.</summary>
internal enum ThreadEffect : byte
{
    /// <summary>Nothing: it is not stopped, or somebody else answers.</summary>
    None = 0,
    /// <summary>Judge the call.</summary>
    Judge,
    /// <summary>Resume without a signal.</summary>
    Resume,
    /// <summary>Resume and deliver the signal.</summary>
    Deliver,
    /// <summary>Let it stay stopped and hear of the end of that (PTRACE_LISTEN).</summary>
    Listen,
    /// <summary>Forget it.</summary>
    Forget,
    /// <summary>This cannot happen: the session is killed.</summary>
    Fault,
}
