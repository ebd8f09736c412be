namespace Catbox.Runtime.Tracing.Slots;

/// <summary>What smaps says of a range that is to be a pool.</summary>
internal enum SealProof : byte
{
    /// <summary>It is a private, anonymous, read-only, sealed mapping of its own, and no page is in it.</summary>
    Holds = 0,
    /// <summary>It is something else.</summary>
    Fails,
    /// <summary>So much lies before it that it was not come to.</summary>
    NotSeen,
    /// <summary>It would be one but for its pages, and those can be the kernel's doing: what is mapped after mlockall(MCL_FUTURE) is filled at once.</summary>
    Filled,
    /// <summary>It could not be looked at.</summary>
    Unknown,
}
