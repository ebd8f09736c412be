namespace Catbox.Policy.Tracees;

/// <summary>Where a traced thread stands.</summary>
internal enum ThreadPhase : byte
{
    /// <summary>It is known and has not reported its first stop.</summary>
    New = 0,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is stopped in a call that is being judged.</summary>
    Judging,
    /// <summary>It is stopped in a call that somebody else is asked about.</summary>
    Asking,
    /// <summary>The tracer resolves its stop: at once (a call in a slot), or when something else has ended (a question to a file system, a walk, a late call on behalf).</summary>
    Kept,
    /// <summary>It is stopped with its group, and listened to.</summary>
    GroupStopped,
    /// <summary>It is gone.</summary>
    Dead,
}
