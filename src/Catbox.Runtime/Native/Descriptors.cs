using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>Writing to a descriptor that is shared with others.</summary>
internal static unsafe partial class Descriptors
{
    private const short POLLOUT = 4;
    private const int EINTR = 4;
    private const int EAGAIN = 11;

    /// <summary>
    /// Writes all bytes with write(2), at the file offset that everybody shares. A guest may have made the open file description non-blocking; then
    /// poll(2) waits as a blocking write would.
    /// </summary>
    public static Errno WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint done = 0;
            while (done < bytes.Length)
            {
                var written = write(fd, start + done, (nuint)(bytes.Length - done));
                if (written >= 0)
                {
                    done += written;
                    continue;
                }

                var errno = Marshal.GetLastPInvokeError();
                if (errno == EAGAIN)
                {
                    var entry = new poll_fd { fd = fd, events = POLLOUT };
                    errno = poll(&entry, 1, -1) < 0 ? Marshal.GetLastPInvokeError() : EINTR;
                }

                if (errno != EINTR)
                {
                    return new Errno(errno);
                }
            }
        }

        return Errno.None;
    }

    /// <summary>Waits for a while, on a thread that has nothing else to do: poll(2) of nothing.</summary>
    public static void Pause(int milliseconds) => _ = poll(null, 0, milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(poll_fd* fds, nuint nfds, int timeout);

    /// <summary>struct pollfd (poll(2)).</summary>
    private struct poll_fd
    {
        public int fd;
        public short events;
        public short revents;
    }
}
