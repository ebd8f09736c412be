namespace Catbox.Policy.Syscalls;

/// <summary>What an ioctl request acts on, and with that what answers it.</summary>
internal enum IoctlScope : byte
{
    /// <summary>Not known: refused on files as the kernel refuses what a file system does not know, and judged by its path on a device.</summary>
    Unknown = 0,
    /// <summary>Reads what was opened. The filter lets it through.</summary>
    Reads,
    /// <summary>Writes what was opened, and the kernel itself asks for a descriptor that was opened for it. The filter lets it through.</summary>
    Opened,
    /// <summary>Changes the inode behind the descriptor, also one that was opened for reading: judged as a change of it.</summary>
    Inode,
    /// <summary>The same, and too long to be made by the tracer: made by the guest, where no other task can exchange the descriptor.</summary>
    InodeByGuest,
    /// <summary>Changes where the blocks of the files lie that its argument names: each is judged as a change of it.</summary>
    Dedupe,
    /// <summary>Looks at a process and can mark its pages: for the session's own alone.</summary>
    OwnProcess,
    /// <summary>Acts on the whole file system, or on any file of it by a number: never made.</summary>
    FileSystem,
    /// <summary>Changes what a device does for everybody: judged as a change of the device.</summary>
    Device,
}
