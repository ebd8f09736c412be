using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>mmap(2) and mseal(2): the numbers that a guest is made to call them with, and a mapping of the tracer's own.</summary>
internal static partial class Mapping
{
    private const nuint PageSize = 4096;

    public const long SYS_mmap = 9;
    public const long SYS_mseal = 462;
    public const ulong PROT_READ = 1;
    public const ulong MAP_PRIVATE = 0x2;
    public const ulong MAP_ANONYMOUS = 0x20;
    public const ulong MAP_POPULATE = 0x8000;

    /// <summary>Whether this kernel seals mappings (Linux 6.10). Asked in the tracer: a guest's own filter could answer in the kernel's place.</summary>
    public static bool CanSeal { get; } = Probes.Mseal().IsSuccess;

    /// <summary>Maps the first page of a file for reading, which may have none; nothing is read of it.</summary>
    /// <param name="fd">A descriptor of ours that was opened for reading.</param>
    /// <param name="address">Where it is.</param>
    public static Errno MapPage(int fd, out nuint address)
    {
        var result = mmap(0, PageSize, (int)PROT_READ, (int)MAP_PRIVATE, fd, 0);
        address = result == -1 ? 0 : (nuint)result;
        return result == -1 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
    }

    /// <summary>Takes that mapping away.</summary>
    public static void UnmapPage(nuint address) => _ = munmap((nint)address, PageSize);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
