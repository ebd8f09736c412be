namespace Catbox.Policy.Judging;

/// <summary>Whose a process group is. What is sent to a group reaches all that are in it.</summary>
internal enum GroupStanding : byte
{
    /// <summary>Nobody is in it.</summary>
    None = 0,
    /// <summary>The session's own: it made the group, and nobody else is in it.</summary>
    Own,
    /// <summary>The one that the session was started in, on the terminal that it shares: the host is in it, and whoever else is of the same job of the user's shell.</summary>
    Shared,
    /// <summary>One outside the session.</summary>
    Outside,
}
