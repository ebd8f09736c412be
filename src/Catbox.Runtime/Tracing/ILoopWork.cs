namespace Catbox.Runtime.Tracing;

/// <summary>Work that has to run on the tracer thread: the mailboxes of the actors that live there.</summary>
internal interface ILoopWork
{
    /// <summary>Runs what is queued, in order.</summary>
    /// <returns>True when there was something.</returns>
    bool RunQueued();
}
