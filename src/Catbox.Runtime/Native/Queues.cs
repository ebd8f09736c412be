using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>POSIX message queues, which are there also where no mqueue file system is mounted.</summary>
internal static partial class Queues
{
    private const nint SYS_mq_open = 240;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const int LongestName = 255;

    /// <summary>Opens a queue that is there, and closes it: nothing is sent or taken.</summary>
    /// <returns>The error of the opening; none also for our own want of descriptors or memory.</returns>
    public static unsafe Errno Try(ReadOnlySpan<byte> name, int flags)
    {
        if (name.Length > LongestName)
        {
            return Errno.None;
        }

        Span<byte> text = stackalloc byte[LongestName + 1];
        text.Clear();
        name.CopyTo(text);
        long fd;
        fixed (byte* pointer = text)
        {
            fd = syscall(SYS_mq_open, (nint)pointer, flags | O_NONBLOCK | O_CLOEXEC, 0, 0);
        }

        if (fd >= 0)
        {
            Io.Close((int)fd);
            return Errno.None;
        }

        var error = new Errno(Marshal.GetLastPInvokeError());
        return error == Errno.ENOENT || error == Errno.EACCES || error == Errno.EINVAL || error == Errno.ENOSYS ? error : Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(nint number, nint name, nint flags, nint mode, nint attributes);
}
