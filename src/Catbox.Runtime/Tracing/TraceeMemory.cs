using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// Guest memory, by the guest's own rights to its pages (docs/adr/0006): what it could not read is not read, and what it could not write is not written. The one exception
/// is a slot, which the guest may not write and only <see cref="WriteSlot"/> does. One instance a loop.
/// </summary>
internal sealed class TraceeMemory(TracerLoop loop) : ITraceeMemory
{
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

        // Also the one page that a process has up there, and may not read (vsyscall).
        if (address > long.MaxValue)
        {
            return Errno.EFAULT;
        }

        while (read < into.Length)
        {
            var rest = into[read..];
            error = ProcessMemory.Read(_tid, address + (ulong)read, rest, out var count);
            if (error.IsSuccess && count == rest.Length)
            {
                read += count;
                return Errno.None;
            }

            read += error.IsSuccess ? count : 0;
            if (!TryReadOddPage(fd, error, address + (ulong)read, into[read..], out count))
            {
                break;
            }

            read += count;
        }

        return read > 0 || into.IsEmpty ? Errno.None : Errno.EFAULT;
    }

    /// <summary>Writes to the guest where it could do so itself.</summary>
    /// <returns>EFAULT where not all of it was written.</returns>
    public Errno Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (_process is null)
        {
            return Errno.ESRCH;
        }

        if (address > long.MaxValue)
        {
            return Errno.EFAULT;
        }

        var error = ProcessMemory.Write(_tid, address, bytes, out var count);
        if (!IsNotToBeHad(error))
        {
            return error.IsSuccess && count == bytes.Length ? Errno.None : Errno.EFAULT;
        }

        // Where nobody tells that the guest may write there it may not: a slot is such a place.
        return bytes.Length <= sizeof(ulong) && IsWritable(address) && IsWritable(address + (ulong)bytes.Length - 1) && Descriptor(out var fd).IsSuccess
            ? Io.WriteAt(fd, bytes, (long)address)
            : Errno.EFAULT;
    }

    /// <summary>Writes into a slot: as a tracer's writes by this way do, it reaches private pages that the guest may not write (FOLL_FORCE, mm/gup.c).</summary>
    /// <returns>An error where not all of it was written.</returns>
    public Errno WriteSlot(ulong address, ReadOnlySpan<byte> bytes)
    {
        var error = Descriptor(out var fd);
        return error.IsSuccess ? Io.WriteAt(fd, bytes, (long)address) : error;
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
            var chunk = Math.Min(into.Length - done, ProcessMemory.PageSize - (int)(at % ProcessMemory.PageSize));
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

    /// <summary>
    /// What process_vm_readv cannot read and the guest can: pages for writing or for execution alone, which x86 lets everybody read who has them, and the memory of devices. And all
    /// of it where that call is not to be had (a container's filter, a guest that is another user by now). To the end of the page.
    /// </summary>
    private bool TryReadOddPage(int fd, Errno error, ulong address, Span<byte> into, out int count)
    {
        count = 0;
        var asked = ProcessMemory.AskRights(_tid, address, out var isReadable, out _);

        // Not to be told, an older kernel: where nothing else reads, it is read as if the guest could, which misleads nobody but itself.
        if (asked.IsSuccess ? !isReadable : !IsNotToBeHad(error))
        {
            return false;
        }

        var page = into[..Math.Min(into.Length, ProcessMemory.PageSize - (int)(address % ProcessMemory.PageSize))];
        return Io.ReadAt(fd, page, (long)address, out count).IsSuccess && count > 0;
    }

    private bool IsWritable(ulong address) => ProcessMemory.AskRights(_tid, address, out _, out var isWritable).IsSuccess && isWritable;

    private static bool IsNotToBeHad(Errno error) => error == Errno.EPERM || error == Errno.ENOSYS;

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
