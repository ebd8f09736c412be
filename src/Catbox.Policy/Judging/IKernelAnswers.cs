namespace Catbox.Policy.Judging;

/// <summary>
/// What the kernel would say to the calling thread. Asked only where a call is about to be refused, so that its own error comes first: each answer may cost kernel calls.
/// What cannot be told is answered so that the refusal stands.
/// </summary>
internal interface IKernelAnswers
{
    /// <summary>Whether the calling thread has a capability (CAP_*, by number) in effect; true where that cannot be told.</summary>
    bool HasCapability(int capability);

    /// <summary>Whether the kernel was built with a call; true where that cannot be told.</summary>
    bool HasCall(int number);

    /// <summary>The error with which socket(2) fails whoever makes it; none where it would work, or that cannot be told.</summary>
    Errno Socket(int family, int type, int protocol);

    /// <summary>The family and type of a socket of the caller's; -1 for both where that cannot be told.</summary>
    (int Family, int Type) SocketOf(int fd);

    /// <summary>The error with which opening a message queue that is there fails: ENOENT where there is none. None where it would work, or that cannot be told.</summary>
    /// <param name="name">Its name, without a slash.</param>
    /// <param name="flags">O_RDONLY, O_WRONLY or O_RDWR.</param>
    Errno Queue(ReadOnlySpan<byte> name, int flags);

    /// <summary>Whether there is a process group of this number; true where that cannot be told.</summary>
    bool HasGroup(int group);

    /// <summary>False where the kernel lets not even the engine signal or set a process outside: so it lets no guest.</summary>
    bool MayReach(int pid);
}
