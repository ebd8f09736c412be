namespace Catbox.Policy.Syscalls;

/// <summary>What becomes of a call. The filter compiler and the judge both start from it.</summary>
internal enum Disposition : byte
{
    /// <summary>Let through by the filter: it can matter to no policy. It stops where somebody else wants to see it, and goes on then.</summary>
    Pass = 0,
    /// <summary>Looked at where this session's policy needs it (<see cref="SyscallRow.Needs"/>), let through elsewhere.</summary>
    Judge,
    /// <summary>Never done; the guest gets <see cref="SyscallRow.RefusalErrno"/>.</summary>
    Refuse,
    /// <summary>Not done, answered with success or what the session keeps for it.</summary>
    Fake,
}
