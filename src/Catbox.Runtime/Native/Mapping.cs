using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>mmap(2), madvise(2) and mseal(2): the numbers that a guest is made to call them with, and a mapping of the tracer's own.</summary>
internal static partial class Mapping
{
    public const ulong PageSize = 4096;

    public const long SYS_mmap = 9;
    public const long SYS_madvise = 28;
    public const long SYS_mseal = 462;
    public const ulong PROT_READ = 1;
    public const ulong MAP_PRIVATE = 0x2;
    public const ulong MAP_ANONYMOUS = 0x20;
    public const ulong MADV_DONTNEED_LOCKED = 24;

    /// <summary>Maps a page of the tracer's own for reading, between two others, and seals it. It stays.</summary>
    /// <param name="hint">Where it is wanted.</param>
    /// <param name="address">Where it is.</param>
    public static Errno SealPage(ulong hint, out ulong address)
    {
        var result = mmap((nint)hint, 3 * (nuint)PageSize, (int)PROT_READ, (int)(MAP_PRIVATE | MAP_ANONYMOUS), -1, 0);
        address = (ulong)result + PageSize;
        if (result == -1)
        {
            return new Errno(Marshal.GetLastPInvokeError());
        }

        if (syscall((nint)SYS_mseal, (nint)address, (nint)PageSize, 0) == 0)
        {
            return Errno.None;
        }

        var error = new Errno(Marshal.GetLastPInvokeError());
        _ = munmap(result, 3 * (nuint)PageSize);
        return error;
    }

    /// <summary>Maps the first page of a file for reading, which may have none; nothing is read of it.</summary>
    /// <param name="fd">A descriptor of ours that was opened for reading.</param>
    /// <param name="address">Where it is.</param>
    public static Errno MapPage(int fd, out nuint address)
    {
        var result = mmap(0, (nuint)PageSize, (int)PROT_READ, (int)MAP_PRIVATE, fd, 0);
        address = result == -1 ? 0 : (nuint)result;
        return result == -1 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
    }

    /// <summary>Takes that mapping away.</summary>
    public static void UnmapPage(nuint address) => _ = munmap((nint)address, (nuint)PageSize);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint address, nint length, nint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
