namespace Catbox.Policy.Judging;

/// <summary>Whether a terminal is the caller's to change.</summary>
internal enum TerminalStanding : byte
{
    /// <summary>Its own, with a group in front that is the session's; or one that nobody outside works at, such as a pseudo-terminal that the session made.</summary>
    Own = 0,
    /// <summary>Its own, and somebody else is in front: the kernel stops it (SIGTTOU), since it lets it.</summary>
    Background,
    /// <summary>One that somebody else works at.</summary>
    Outside,
}
