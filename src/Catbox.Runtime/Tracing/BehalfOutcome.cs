namespace Catbox.Runtime.Tracing;

/// <summary>How it went to make a call in the guest's place.</summary>
internal enum BehalfOutcome : byte
{
    /// <summary>It was made, or has failed as the guest's would have: the guest gets the result.</summary>
    Done = 0,
    /// <summary>The path does not lead any more where it was judged to lead: the call must be judged again.</summary>
    JudgeAgain,
    /// <summary>It has to wait for others, and the tracer has taken its stop: it is started over when they are done.</summary>
    Waits,
    /// <summary>The call could hold the loop (a file system whose server may not answer): the guest makes it, as it stands.</summary>
    AsItStands,
}
