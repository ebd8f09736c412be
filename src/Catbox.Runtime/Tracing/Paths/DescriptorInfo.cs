using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>What <c>/proc/TID/fdinfo/N</c> tells of a descriptor (proc_pid_fdinfo(5)). One reading is of one open file, which the kernel holds while it writes the text.</summary>
/// <param name="Flags">What it was opened with.</param>
/// <param name="Mount">The mount that it was opened on.</param>
/// <param name="Inode">The inode as the kernel has it; 0 before Linux 5.14, which does not write it.</param>
internal readonly record struct DescriptorInfo(ulong Flags, ulong Mount, ulong Inode)
{
    private bool IsWritable => (Flags & 3) is Io.O_WRONLY or Io.O_RDWR;

    /// <summary>
    /// Whether a descriptor of a task is open for writing and is what is held. The mode of its link tells the first (proc_pid_fd(5)), but who has the table can make that link lead elsewhere
    /// before it is followed, and lead there again: mode and object are then of two files.
    /// </summary>
    /// <param name="task">The task whose table it is.</param>
    /// <param name="fd">Its number there.</param>
    /// <param name="held">A descriptor of the tracer's.</param>
    public static bool IsOpenForWriting(int task, int fd, int held)
    {
        Span<byte> path = stackalloc byte[ProcPath.Size];
        return TryRead(ProcPath.WriteDescriptorInfo(path, task, fd), out var theirs) && theirs.IsWritable
            && TryRead(ProcPath.WriteOwnDescriptorInfo(path, held), out var ours) && (theirs.Mount, theirs.Inode) == (ours.Mount, ours.Inode);
    }

    private static bool TryRead(ReadOnlySpan<byte> path, out DescriptorInfo info)
    {
        info = default;
        if (!Io.Open(path, Io.O_RDONLY, 0, out var fd).IsSuccess)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[512];
        var error = Io.Read(fd, text, out var length);
        Io.Close(fd);
        if (!error.IsSuccess)
        {
            return false;
        }

        text = text[..length];
        if (!TryFind(text, "flags:\t"u8, 8, out var flags) || !TryFind(text, "mnt_id:\t"u8, 10, out var mount))
        {
            return false;
        }

        _ = TryFind(text, "ino:\t"u8, 10, out var inode);
        info = new DescriptorInfo(flags, mount, inode);
        return true;
    }

    private static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, uint radix, out ulong value)
    {
        value = 0;
        while (!text.StartsWith(name))
        {
            var end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            text = text[(end + 1)..];
        }

        foreach (var digit in text[name.Length..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            value = (value * radix) + (uint)(digit - '0');
        }

        return true;
    }
}
