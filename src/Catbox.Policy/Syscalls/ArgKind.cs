namespace Catbox.Policy.Syscalls;

/// <summary>
/// What one argument of a call is. The decoder reads nothing but these: a path operand is an argument of a <c>Path…</c> kind,
/// its directory is the <see cref="DirFd"/> right before it (AT_FDCWD where there is none), and the flags argument of the row decides
/// whether the last link is followed.
/// </summary>
internal enum ArgKind : byte
{
    /// <summary>Not used by the call.</summary>
    None = 0,
    /// <summary>A plain number that no rule looks at.</summary>
    Int,
    /// <summary>A size or an offset.</summary>
    Size,
    /// <summary>A pointer that no rule follows.</summary>
    Address,
    /// <summary>A descriptor that the call only uses (its opening was judged).</summary>
    Fd,
    /// <summary>A descriptor whose inode the call changes (fchmod, ftruncate): judged on the object behind it.</summary>
    FdWrite,
    /// <summary>The directory of the path argument that follows it.</summary>
    DirFd,
    /// <summary>A path that is only looked at; the last link is followed (stat, access, chdir).</summary>
    PathRead,
    /// <summary>A path that is only looked at; the last link is not followed (lstat, readlink).</summary>
    PathReadNoFollow,
    /// <summary>A path that is opened: what is wanted of it stands in the row's <see cref="OpenFlags"/> or <see cref="OpenHow"/>.</summary>
    PathOpen,
    /// <summary>A path whose inode is changed; the last link is followed (truncate, chmod, utimes, setxattr).</summary>
    PathWrite,
    /// <summary>A path whose inode is changed; the last link is not followed (lchown, lsetxattr).</summary>
    PathWriteNoFollow,
    /// <summary>A directory entry that is made or replaced (mkdir, mknod, symlink and link's new name, rename's new name).</summary>
    PathCreate,
    /// <summary>A directory entry that is taken away (unlink, rmdir, rename's old name).</summary>
    PathRemove,
    /// <summary>The existing file that link makes a second name for; not followed unless AT_SYMLINK_FOLLOW.</summary>
    PathLinkSource,
    /// <summary>A path that is executed.</summary>
    PathExec,
    /// <summary>A string that is not resolved (a symlink's text, an xattr's name).</summary>
    Text,
    /// <summary>O_* flags, an int.</summary>
    OpenFlags,
    /// <summary>A pointer to struct open_how (openat2).</summary>
    OpenHow,
    /// <summary>AT_* flags, an int.</summary>
    AtFlags,
    /// <summary>File mode bits.</summary>
    Mode,
    /// <summary>A socket's address family, an int.</summary>
    SocketFamily,
    /// <summary>A socket's type with SOCK_* flags, an int.</summary>
    SocketType,
    /// <summary>A socket's protocol, an int.</summary>
    SocketProtocol,
    /// <summary>A pointer to struct sockaddr that is read by the kernel; its length is the <see cref="SockaddrLength"/> argument.</summary>
    Sockaddr,
    /// <summary>The length of the row's <see cref="Sockaddr"/>, an int.</summary>
    SockaddrLength,
    /// <summary>A pointer to struct msghdr that is read by the kernel.</summary>
    MsgHdr,
    /// <summary>A pointer to an array of struct mmsghdr that is read by the kernel; the next argument is its length.</summary>
    MMsgHdr,
    /// <summary>A process or, where negative or zero, a group that a signal goes to (kill).</summary>
    SignalTarget,
    /// <summary>A process (thread group) that the call acts upon; 0 means the caller where the call says so.</summary>
    Pid,
    /// <summary>A thread that the call acts upon.</summary>
    Tid,
    /// <summary>A pidfd of a process that the call acts upon.</summary>
    PidFd,
    /// <summary>A signal's number.</summary>
    Signal,
    /// <summary>clone flags in a register.</summary>
    CloneFlags,
    /// <summary>An ioctl request, of which the kernel reads the low 32 bits.</summary>
    IoctlRequest,
    /// <summary>A number that chooses what the call does (prctl, fcntl, seccomp, keyctl …).</summary>
    Command,
    /// <summary>A user identity.</summary>
    Uid,
    /// <summary>A group identity.</summary>
    Gid,
    /// <summary>R_OK, W_OK, X_OK: what is asked of a path.</summary>
    AccessMode,
}
