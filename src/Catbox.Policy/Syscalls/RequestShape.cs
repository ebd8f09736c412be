namespace Catbox.Policy.Syscalls;

/// <summary>Which decoded form a call takes; the judge has one function for each.</summary>
internal enum RequestShape : byte
{
    /// <summary>Nothing is decoded.</summary>
    None = 0,
    /// <summary>One or two path operands, by their argument kinds.</summary>
    Paths,
    /// <summary>A path with open flags (open, creat, openat, openat2).</summary>
    Open,
    /// <summary>A descriptor whose inode is changed.</summary>
    Descriptor,
    /// <summary>A program that is executed (execve, execveat).</summary>
    Exec,
    /// <summary>socket: family, type, protocol.</summary>
    Socket,
    /// <summary>connect: one address.</summary>
    Connect,
    /// <summary>bind: one address; a unix path is also an entry that is made.</summary>
    Bind,
    /// <summary>listen: binds implicitly where bind was not called.</summary>
    Listen,
    /// <summary>sendto: an optional address.</summary>
    SendTo,
    /// <summary>sendmsg: msghdr with an optional address.</summary>
    SendMsg,
    /// <summary>sendmmsg: an array of them.</summary>
    SendMMsg,
    /// <summary>kill, tkill, tgkill, rt_sigqueueinfo, pidfd_send_signal.</summary>
    Signal,
    /// <summary>A call on another process that is fine on the session's own (prlimit64, setpriority, sched_setscheduler …).</summary>
    Process,
    /// <summary>sched_setaffinity and sched_getaffinity.</summary>
    Affinity,
    /// <summary>A refusal that is reported.</summary>
    Refusal,
    /// <summary>mq_open, mq_unlink: a name in the message queue file system.</summary>
    MessageQueue,
    /// <summary>fcntl F_SETOWN(_EX), F_SETSIG, O_ASYNC: who gets which signal when a descriptor is ready.</summary>
    FileOwner,
    /// <summary>A change of users, groups or capabilities: the kernel decides on it, and the engine wants to know.</summary>
    Credentials,
    /// <summary>setsockopt: level and number.</summary>
    SocketOption,
    /// <summary>setrlimit of the size of core dumps.</summary>
    CoreLimit,
    /// <summary>setpgid: the group that a process joins.</summary>
    Group,
    /// <summary>access, faccessat, faccessat2: a path that is looked at, and what is asked of it.</summary>
    Access,
}
