using System.Buffers.Text;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>RLIMIT_FSIZE of a guest (getrlimit(2)).</summary>
internal static class FileSizeLimits
{
    /// <summary>
    /// The soft limit in bytes, <see cref="ulong.MaxValue"/> for none. prlimit(2) answers for a process of other users with CAP_SYS_RESOURCE alone, which root in a
    /// container lacks; <c>/proc/PID/limits</c> answers everybody, and slower.
    /// </summary>
    public static Errno Read(int pid, out ulong limit)
    {
        var error = Credentials.FileSizeLimit(pid, out limit);
        return error == Errno.EPERM ? ReadText(pid, out limit) : error;
    }

    private static Errno ReadText(int pid, out ulong limit)
    {
        limit = 0;
        Span<byte> buffer = stackalloc byte[4096];
        var error = Io.Open(ProcPath.Write(buffer, pid, "/limits"u8), Io.O_RDONLY, 0, out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        error = Io.ReadAt(fd, buffer, 0, out var length);
        Io.Close(fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        // "Max file size             unlimited            unlimited            bytes"
        var name = "Max file size"u8;
        var at = buffer[..length].IndexOf(name);
        if (at < 0)
        {
            return Errno.EIO;
        }

        var text = buffer[(at + name.Length)..length].TrimStart((byte)' ');
        if (text.StartsWith("unlimited"u8))
        {
            limit = ulong.MaxValue;
            return Errno.None;
        }

        return Utf8Parser.TryParse(text, out limit, out _) ? Errno.None : Errno.EIO;
    }
}
