namespace Catbox.Policy.Landlock;

/// <summary>
/// Landlock's access rights, by the kernel's names (include/uapi/linux/landlock.h), and from which ABI version on each is known: a right that a
/// kernel does not know is EINVAL in landlock_create_ruleset(2).
/// </summary>
internal static class LandlockBits
{
    /// <summary>Execute a file.</summary>
    public const ulong LANDLOCK_ACCESS_FS_EXECUTE = 1 << 0;
    /// <summary>Open a file for writing.</summary>
    public const ulong LANDLOCK_ACCESS_FS_WRITE_FILE = 1 << 1;
    /// <summary>Open a file for reading; executing asks for it too.</summary>
    public const ulong LANDLOCK_ACCESS_FS_READ_FILE = 1 << 2;
    /// <summary>Open a directory.</summary>
    public const ulong LANDLOCK_ACCESS_FS_READ_DIR = 1 << 3;
    /// <summary>Remove or rename a directory in here.</summary>
    public const ulong LANDLOCK_ACCESS_FS_REMOVE_DIR = 1 << 4;
    /// <summary>Remove or rename anything else in here.</summary>
    public const ulong LANDLOCK_ACCESS_FS_REMOVE_FILE = 1 << 5;
    /// <summary>Make a character device (a whiteout is one).</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_CHAR = 1 << 6;
    /// <summary>Make a directory.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_DIR = 1 << 7;
    /// <summary>Make a file, also by a link.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_REG = 1 << 8;
    /// <summary>Make a socket.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_SOCK = 1 << 9;
    /// <summary>Make a named pipe.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_FIFO = 1 << 10;
    /// <summary>Make a block device.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_BLOCK = 1 << 11;
    /// <summary>Make a symbolic link.</summary>
    public const ulong LANDLOCK_ACCESS_FS_MAKE_SYM = 1 << 12;
    /// <summary>Link or rename from or to another directory. ABI 2; before, and wherever it is not granted, that is EXDEV.</summary>
    public const ulong LANDLOCK_ACCESS_FS_REFER = 1 << 13;
    /// <summary>truncate(2), O_TRUNC, and ftruncate(2) on what was opened with it. ABI 3.</summary>
    public const ulong LANDLOCK_ACCESS_FS_TRUNCATE = 1 << 14;
    /// <summary>ioctl(2) on a device, but for the requests that every file answers. ABI 5.</summary>
    public const ulong LANDLOCK_ACCESS_FS_IOCTL_DEV = 1 << 15;

    /// <summary>Bind a TCP socket to a port. ABI 4.</summary>
    public const ulong LANDLOCK_ACCESS_NET_BIND_TCP = 1 << 0;
    /// <summary>Connect a TCP socket to a port. ABI 4.</summary>
    public const ulong LANDLOCK_ACCESS_NET_CONNECT_TCP = 1 << 1;

    /// <summary>Abstract unix sockets of processes outside are out of reach. ABI 6.</summary>
    public const ulong LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0;
    /// <summary>Signals to processes outside are EPERM. ABI 6.</summary>
    public const ulong LANDLOCK_SCOPE_SIGNAL = 1 << 1;

    /// <summary>The kind of a rule on a file or a directory and what is below it.</summary>
    public const int LANDLOCK_RULE_PATH_BENEATH = 1;
    /// <summary>The kind of a rule on a TCP port.</summary>
    public const int LANDLOCK_RULE_NET_PORT = 2;

    /// <summary>What changes a file that is there.</summary>
    internal const ulong FileWrites = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV;

    /// <summary>What changes the entries of a directory.</summary>
    internal const ulong EntryWrites = LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR
        | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO
        | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;

    /// <summary>The rights to change files that an ABI version knows.</summary>
    internal static ulong WritesOf(int abi) => (FileWrites | EntryWrites)
        & ~((abi < 2 ? LANDLOCK_ACCESS_FS_REFER : 0)
            | (abi < 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0)
            | (abi < 5 ? LANDLOCK_ACCESS_FS_IOCTL_DEV : 0));
}
