namespace Catbox.Policy.Syscalls;

/// <summary>What a call that the tracer makes in the guest's place does, whichever of its forms the guest used.</summary>
internal enum BehalfOperation : byte
{
    /// <summary>The tracer does not make this call.</summary>
    None = 0,
    /// <summary>mkdir, mkdirat.</summary>
    MakeDirectory,
    /// <summary>mknod, mknodat: a FIFO, a socket, a regular file, the whiteout 0:0.</summary>
    MakeNode,
    /// <summary>unlink, unlinkat.</summary>
    Unlink,
    /// <summary>rmdir.</summary>
    RemoveDirectory,
    /// <summary>rename, renameat, renameat2.</summary>
    Rename,
    /// <summary>link, linkat.</summary>
    Link,
    /// <summary>symlink, symlinkat.</summary>
    Symlink,
    /// <summary>truncate.</summary>
    Truncate,
    /// <summary>ftruncate: needs the open file itself, since the right to write was had when it was opened.</summary>
    TruncateDescriptor,
    /// <summary>chmod, fchmod, fchmodat, fchmodat2.</summary>
    ChangeMode,
    /// <summary>chown, fchown, lchown, fchownat.</summary>
    ChangeOwner,
    /// <summary>utime, utimes, futimesat, utimensat.</summary>
    ChangeTimes,
    /// <summary>setxattr, lsetxattr, fsetxattr, setxattrat.</summary>
    SetAttribute,
    /// <summary>removexattr, lremovexattr, fremovexattr, removexattrat.</summary>
    RemoveAttribute,
    /// <summary>file_setattr.</summary>
    SetFileAttributes,
    /// <summary>ioctl with FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR or FS_IOC_SETVERSION: changes an inode through a descriptor that was opened for reading.</summary>
    SetInodeFlags,
    /// <summary>mq_unlink.</summary>
    RemoveQueue,
    /// <summary>fcntl with F_SETOWN_EX, F_SETSIG or O_ASYNC, ioctl with FIOASYNC, FIOSETOWN or SIOCSPGRP: who gets which signal when a descriptor is ready.</summary>
    SetOwner,
}
