using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>Another process's memory, by the rights that this process itself has to its pages (process_vm_readv(2)), and what those rights are.</summary>
internal static unsafe partial class ProcessMemory
{
    public const int PageSize = 4096;

    /// <summary>PROCMAP_QUERY (include/uapi/linux/fs.h), Linux 6.11.</summary>
    public const uint PROCMAP_QUERY = 0xC0686611;

    private const int SYS_process_vm_readv = 310;
    private const int SYS_process_vm_writev = 311;

    // enum procmap_query_flags, of the same header.
    private const ulong VmaReadable = 1;
    private const ulong VmaWritable = 2;
    private const ulong VmaExecutable = 4;

    /// <summary>Pages of one call at most: a read of more is several.</summary>
    private const int MaxPages = 32;

    /// <summary>With protection keys a page for execution alone cannot be read (execute_only_pkey, arch/x86/mm/pkeys.c). Without them the processor does not tell them apart.</summary>
    private static readonly ulong s_readable = VmaReadable | VmaWritable | (HasProtectionKeys() ? 0 : VmaExecutable);

    /// <summary>Reads what can be read from the address on, up to the first page that cannot.</summary>
    /// <returns>EFAULT where that is the first one.</returns>
    public static Errno Read(int tid, ulong address, Span<byte> into, out int count) => Transfer(SYS_process_vm_readv, tid, address, into, out count);

    /// <summary>Writes what can be written from the address on.</summary>
    public static Errno Write(int tid, ulong address, ReadOnlySpan<byte> bytes, out int count) => Transfer(SYS_process_vm_writev, tid, address, bytes, out count);

    /// <summary>Asks whether a process's own instructions could read or write at an address.</summary>
    /// <returns>An error where the kernel cannot be asked; no rights where nothing is mapped.</returns>
    public static Errno AskRights(int tid, ulong address, out bool isReadable, out bool isWritable)
    {
        isReadable = isWritable = false;
        Span<byte> path = stackalloc byte[ProcPath.Size];
        var error = Io.Open(ProcPath.Write(path, tid, "/maps"u8), Io.O_RDONLY, 0, out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        var query = new ProcmapQuery { size = (ulong)sizeof(ProcmapQuery), query_addr = address };
        error = ioctl(fd, PROCMAP_QUERY, &query) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
        Io.Close(fd);
        if (error.IsSuccess)
        {
            // x86 knows no page that can be written and not read.
            isReadable = (query.vma_flags & s_readable) != 0;
            isWritable = (query.vma_flags & VmaWritable) != 0;
        }

        return error == Errno.ENOENT ? Errno.None : error;
    }

    /// <summary>Each page is an element of its own, since transfers are partial "at the granularity of iovec elements" (process_vm_readv(2)).</summary>
    private static Errno Transfer(int call, int tid, ulong address, ReadOnlySpan<byte> bytes, out int count)
    {
        var pages = stackalloc Iovec[MaxPages];
        count = 0;
        fixed (byte* here = bytes)
        {
            while (count < bytes.Length)
            {
                nuint length = 0;
                var n = 0;
                for (; n < MaxPages && count + (int)length < bytes.Length; n++)
                {
                    var at = address + (ulong)count + length;
                    var size = (nuint)Math.Min(PageSize - (int)(at % PageSize), bytes.Length - count - (int)length);
                    pages[n] = new Iovec { Base = (nuint)at, Length = size };
                    length += size;
                }

                var local = new Iovec { Base = (nuint)(here + count), Length = length };
                var done = syscall(call, tid, (nint)(&local), 1, (nint)pages, n, 0);
                if (done < 0)
                {
                    return count > 0 ? Errno.None : new Errno(Marshal.GetLastPInvokeError());
                }

                count += (int)done;
                if ((nuint)done != length)
                {
                    break;
                }
            }
        }

        return Errno.None;
    }

    private static bool HasProtectionKeys()
    {
        const int OSPKE = 1 << 4;
        return X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & OSPKE) != 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(long number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);

    /// <summary>struct procmap_query (include/uapi/linux/fs.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcmapQuery
    {
        public ulong size;
        public ulong query_flags;
        public ulong query_addr;
        public ulong vma_start;
        public ulong vma_end;
        public ulong vma_flags;
        public ulong vma_page_size;
        public ulong vma_offset;
        public ulong inode;
        public uint dev_major;
        public uint dev_minor;
        public uint vma_name_size;
        public uint build_id_size;
        public ulong vma_name_addr;
        public ulong build_id_addr;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Iovec
    {
        public nuint Base;
        public nuint Length;
    }
}
