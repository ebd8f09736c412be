namespace Catbox.Policy.Tracees;

/// <summary>Where a traced thread stands.</summary>
internal enum ThreadPhase : byte
{
    /// <summary>It is known and has not reported its first stop.</summary>
    New = 0,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is stopped in a call that waits for its verdict.</summary>
    InCall,
    /// <summary>It is stopped with its group, and listened to.</summary>
    GroupStopped,
    /// <summary>It is gone.</summary>
    Dead,
}
