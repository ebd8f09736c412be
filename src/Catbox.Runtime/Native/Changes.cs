using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>
/// The calls that change directories and inodes, as the kernel has them (not as the C library wraps them): a name is looked up below a descriptor of ours, an
/// inode is a descriptor of ours. Paths end in NUL. Each answers as the kernel does: a value, or a negated errno. Nothing here allocates or throws.
/// </summary>
internal static unsafe partial class Changes
{
    public const int AT_SYMLINK_FOLLOW = 0x400;
    public const int AT_REMOVEDIR = 0x200;

    public const long SYS_ioctl = 16;
    public const long SYS_ftruncate = 77;
    public const long SYS_chmod = 90;
    public const long SYS_setxattr = 188;
    public const long SYS_removexattr = 197;
    public const long SYS_mq_unlink = 241;
    public const long SYS_mkdirat = 258;
    public const long SYS_mknodat = 259;
    public const long SYS_fchownat = 260;
    public const long SYS_unlinkat = 263;
    public const long SYS_linkat = 265;
    public const long SYS_symlinkat = 266;
    public const long SYS_utimensat = 280;
    public const long SYS_renameat2 = 316;
    public const long SYS_fchmodat2 = 452;
    public const long SYS_file_setattr = 469;

    private const int ENOSYS = 38;

    /// <summary>mkdirat(2).</summary>
    public static long MakeDirectory(int directory, ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* n = name)
        {
            return Answer(syscall(SYS_mkdirat, directory, (nint)n, (nint)mode, 0, 0));
        }
    }

    /// <summary>mknodat(2); <paramref name="device"/> in the encoding of the call's register.</summary>
    public static long MakeNode(int directory, ReadOnlySpan<byte> name, uint mode, uint device)
    {
        fixed (byte* n = name)
        {
            return Answer(syscall(SYS_mknodat, directory, (nint)n, (nint)mode, (nint)device, 0));
        }
    }

    /// <summary>unlinkat(2); with AT_REMOVEDIR it is rmdir.</summary>
    public static long Unlink(int directory, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* n = name)
        {
            return Answer(syscall(SYS_unlinkat, directory, (nint)n, flags, 0, 0));
        }
    }

    /// <summary>renameat2(2).</summary>
    public static long Rename(int from, ReadOnlySpan<byte> name, int to, ReadOnlySpan<byte> newName, uint flags)
    {
        fixed (byte* n = name, m = newName)
        {
            return Answer(syscall(SYS_renameat2, from, (nint)n, to, (nint)m, (nint)flags));
        }
    }

    /// <summary>
    /// linkat(2) of the object behind a descriptor of ours, by its name in /proc: AT_EMPTY_PATH would ask for CAP_DAC_READ_SEARCH (or, from 6.10, for the
    /// very credentials that opened it).
    /// </summary>
    /// <param name="self">The object's link below /proc.</param>
    /// <param name="to">The directory of the new name.</param>
    /// <param name="newName">The new name.</param>
    public static long Link(ReadOnlySpan<byte> self, int to, ReadOnlySpan<byte> newName)
    {
        fixed (byte* s = self, m = newName)
        {
            return Answer(syscall(SYS_linkat, Files.AT_FDCWD, (nint)s, to, (nint)m, AT_SYMLINK_FOLLOW));
        }
    }

    /// <summary>symlinkat(2).</summary>
    public static long Symlink(ReadOnlySpan<byte> text, int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* t = text, n = name)
        {
            return Answer(syscall(SYS_symlinkat, (nint)t, directory, (nint)n, 0, 0));
        }
    }

    /// <summary>mq_unlink(2); the name without its slash.</summary>
    public static long RemoveQueue(ReadOnlySpan<byte> name)
    {
        fixed (byte* n = name)
        {
            return Answer(syscall(SYS_mq_unlink, (nint)n, 0, 0, 0, 0));
        }
    }

    /// <summary>ioctl(2) with a structure that the kernel reads.</summary>
    public static long Control(int fd, uint request, ReadOnlySpan<byte> argument)
    {
        fixed (byte* a = argument)
        {
            return Answer(syscall(SYS_ioctl, fd, (nint)request, (nint)a, 0, 0));
        }
    }

    /// <summary>ftruncate(2).</summary>
    public static long Truncate(int fd, long length) => Answer(syscall(SYS_ftruncate, fd, (nint)length, 0, 0, 0));

    /// <summary>fchmodat2(2) of the object itself (kernel 6.6); before that chmod(2) by its link below /proc, which says ENOENT of a symbolic link.</summary>
    public static long ChangeMode(int fd, ReadOnlySpan<byte> self, uint mode)
    {
        fixed (byte* empty = "\0"u8, s = self)
        {
            var result = Answer(syscall(SYS_fchmodat2, fd, (nint)empty, (nint)mode, Files.AT_EMPTY_PATH, 0));
            return result == -ENOSYS ? Answer(syscall(SYS_chmod, (nint)s, (nint)mode, 0, 0, 0)) : result;
        }
    }

    /// <summary>fchownat(2) of the object itself, a symbolic link too.</summary>
    public static long ChangeOwner(int fd, uint user, uint group)
    {
        fixed (byte* empty = "\0"u8)
        {
            return Answer(syscall(SYS_fchownat, fd, (nint)empty, (nint)user, (nint)group, Files.AT_EMPTY_PATH));
        }
    }

    /// <summary>utimensat(2) of the object itself, a symbolic link too (kernel 5.8).</summary>
    /// <param name="fd">The object.</param>
    /// <param name="times">Two <c>struct timespec</c>, 32 bytes; empty for now.</param>
    public static long ChangeTimes(int fd, ReadOnlySpan<byte> times)
    {
        fixed (byte* empty = "\0"u8, t = times)
        {
            return Answer(syscall(SYS_utimensat, fd, (nint)empty, (nint)t, Files.AT_EMPTY_PATH, 0));
        }
    }

    /// <summary>setxattr(2) by a link below /proc, which leads to the object itself: of a symbolic link too. setxattrat(2) takes no O_PATH descriptor.</summary>
    public static long SetAttribute(ReadOnlySpan<byte> self, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int flags)
    {
        fixed (byte* s = self, n = name, v = value)
        {
            return Answer(syscall(SYS_setxattr, (nint)s, (nint)n, (nint)v, value.Length, flags));
        }
    }

    /// <summary>removexattr(2), likewise.</summary>
    public static long RemoveAttribute(ReadOnlySpan<byte> self, ReadOnlySpan<byte> name)
    {
        fixed (byte* s = self, n = name)
        {
            return Answer(syscall(SYS_removexattr, (nint)s, (nint)n, 0, 0, 0));
        }
    }

    /// <summary>file_setattr(2), likewise (kernel 6.17).</summary>
    public static long SetFileAttributes(ReadOnlySpan<byte> self, ReadOnlySpan<byte> attributes)
    {
        fixed (byte* s = self, a = attributes)
        {
            return Answer(syscall(SYS_file_setattr, Files.AT_FDCWD, (nint)s, (nint)a, attributes.Length, 0));
        }
    }

    private static long Answer(long result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint a, nint b, nint c, nint d, nint e);
}
