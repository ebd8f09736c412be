using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Guest memory by pread(2) on <c>/proc/PID/mem</c>. Not process_vm_readv: that hangs un-interruptibly on a page under userfaultfd, where this
/// answers EIO at once. One descriptor an address space, opened at its first judged call; one instance a loop.
/// </summary>
internal sealed class TraceeMemory(TracerLoop loop) : ITraceeMemory
{
    private const int PageSize = 4096;
    private TracedProcess? _process;
    private int _tid;

    /// <summary>Turns to a process, and to the thread of it that is stopped.</summary>
    public TraceeMemory Bind(TracedProcess? process, int tid)
    {
        _process = process;
        _tid = tid;
        return this;
    }

    /// <inheritdoc/>
    public Errno Read(ulong address, Span<byte> into, out int read)
    {
        read = 0;
        var error = Descriptor(out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        if (address > long.MaxValue)
        {
            return Errno.EFAULT;
        }

        error = Io.ReadAt(fd, into, (long)address, out read);
        return error.IsSuccess && (read > 0 || into.IsEmpty) ? Errno.None : Errno.EFAULT;
    }

    /// <summary>
    /// Writes to the guest. As a tracer's writes do, it reaches private pages that the guest itself may not write (FOLL_FORCE, mm/gup.c).
    /// </summary>
    /// <returns>An error where not all of it was written.</returns>
    public Errno Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        var error = Descriptor(out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        return address > long.MaxValue ? Errno.EFAULT : Io.WriteAt(fd, bytes, (long)address);
    }

    /// <inheritdoc/>
    public Errno ReadString(ulong address, Span<byte> into, out int length)
    {
        length = 0;
        var done = 0;
        while (done < into.Length)
        {
            // To the end of the page, so that a short string before an unmapped page takes one call and no short read is needed to find out.
            var at = address + (ulong)done;
            var chunk = Math.Min(into.Length - done, PageSize - (int)(at % PageSize));
            var error = Read(at, into.Slice(done, chunk), out var read);
            if (!error.IsSuccess)
            {
                return error;
            }

            var end = into.Slice(done, read).IndexOf((byte)0);
            if (end >= 0)
            {
                length = done + end;
                return Errno.None;
            }

            done += read;
        }

        return Errno.ENAMETOOLONG;
    }

    private Errno Descriptor(out int fd)
    {
        if (_process is null)
        {
            fd = -1;
            return Errno.ESRCH;
        }

        if (_process.MemoryFd >= 0)
        {
            fd = _process.MemoryFd;
            return Errno.None;
        }

        return loop.OpenMemory(_process, _tid, out fd);
    }
}
