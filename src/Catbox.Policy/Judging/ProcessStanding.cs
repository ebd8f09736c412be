namespace Catbox.Policy.Judging;

/// <summary>Whose process a number is that is not one of the session's living ones.</summary>
internal enum ProcessStanding : byte
{
    /// <summary>There is none: the guest gets ESRCH.</summary>
    None = 0,
    /// <summary>One of the session's that is dead and was not waited for: it can still be signalled, without effect.</summary>
    OwnDead,
    /// <summary>One outside the session.</summary>
    Outside,
}
