namespace Catbox.Policy.Decoding;

/// <summary>The bits and sizes that decoding and judging look at. The names are the kernel's; x86-64 and arm64 agree unless it is said.</summary>
internal static class KernelBits
{
    /// <summary>access(2): may it be written?</summary>
    public const int W_OK = 2;

    // include/uapi/linux/fcntl.h
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_SYMLINK_FOLLOW = 0x400;
    public const int AT_EMPTY_PATH = 0x1000;

    // include/uapi/asm-generic/fcntl.h (the values of x86-64; arm64 exchanges O_DIRECTORY and O_NOFOLLOW with others)
    public const ulong O_ACCMODE = 0x3;
    public const ulong O_RDWR = 0x2;
    public const ulong O_WRONLY = 0x1;
    public const ulong O_CREAT = 0x40;
    public const ulong O_EXCL = 0x80;
    public const ulong O_NOCTTY = 0x100;
    public const ulong O_TRUNC = 0x200;
    public const ulong O_APPEND = 0x400;
    public const ulong O_NONBLOCK = 0x800;
    public const ulong O_DSYNC = 0x1000;
    public const ulong FASYNC = 0x2000;
    public const ulong O_DIRECT = 0x4000;
    public const ulong O_LARGEFILE = 0x8000;
    public const ulong O_DIRECTORY = 0x10000;
    public const ulong O_NOFOLLOW = 0x20000;
    public const ulong O_NOATIME = 0x40000;
    public const ulong O_CLOEXEC = 0x80000;
    public const ulong O_SYNC_BIT = 0x100000;
    public const ulong O_PATH = 0x200000;
    public const ulong O_TMPFILE_BIT = 0x400000;

    /// <summary>What an open with O_PATH keeps of its flags (O_PATH_FLAGS, fs/open.c).</summary>
    public const ulong O_PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;

    /// <summary>VALID_OPEN_FLAGS (include/linux/fcntl.h): what open and openat look at; they drop the rest.</summary>
    public const ulong VALID_OPEN_FLAGS = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DSYNC | FASYNC | O_DIRECT
        | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_SYNC_BIT | O_PATH | O_TMPFILE_BIT;

    /// <summary>S_IALLUGO (include/linux/stat.h): the mode bits that open and openat look at.</summary>
    public const ulong S_IALLUGO = 0xFFF;

    // include/uapi/linux/openat2.h
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const ulong RESOLVE_IN_ROOT = 0x10;
    public const ulong RESOLVE_CACHED = 0x20;
    /// <summary>VALID_RESOLVE_FLAGS (include/linux/fcntl.h): openat2 refuses others.</summary>
    public const ulong VALID_RESOLVE_FLAGS = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED;
    public const int OPEN_HOW_SIZE_VER0 = 24;

    /// <summary>copy_struct_from_user takes no structure that is larger than a page.</summary>
    public const ulong LargestOpenHow = 4096;

    public const int PATH_MAX = 4096;
    public const int NAME_MAX = 255;

    // include/linux/socket.h, include/uapi/linux/un.h, include/uapi/linux/uio.h
    public const int SockaddrStorage = 128;
    public const int SockaddrUn = 110;
    public const int SockaddrIn = 16;
    /// <summary>SIN6_LEN_RFC2133: the kernel takes a sockaddr_in6 without its scope.</summary>
    public const int SockaddrIn6Shortest = 24;
    public const int SockaddrIn6 = 28;
    public const int UIO_MAXIOV = 1024;
    public const int UserMsghdr = 56;
    public const int Mmsghdr = 64;

    // include/uapi/linux/stat.h
    public const uint S_IFMT = 0xF000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFBLK = 0x6000;

    /// <summary>The kernel reads an int argument from the low half of its register.</summary>
    public static int Int(ulong register) => unchecked((int)register);
}
