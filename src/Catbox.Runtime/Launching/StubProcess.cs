using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <summary>Starts a <see cref="StubImage"/> out of a memfd.</summary>
internal static class StubProcess
{
    /// <summary>Spawns a stub that waits for one byte in <paramref name="goPipe"/>.</summary>
    /// <param name="image">The stub.</param>
    /// <param name="streams">What becomes descriptor 0, 1 and 2; -1 leaves the host's.</param>
    /// <param name="keepIgnored">Signals that stay ignored.</param>
    /// <param name="pid">The stub, a child of the calling thread.</param>
    /// <param name="goPipe">The end to write to, close-on-exec.</param>
    public static Errno Spawn(byte[] image, ReadOnlySpan<int> streams, ulong keepIgnored, out int pid, out int goPipe)
    {
        pid = 0;
        goPipe = -1;
        int memfd = -1, low = -1, readEnd = -1, writeEnd = -1, highRead = -1;
        try
        {
            var error = Io.CreateExecutableMemFd("catbox-stub\0"u8, out low);
            if (error.IsSuccess)
            {
                // Above the descriptors that are arranged for the stub, or a dup2 would close it first.
                error = Io.DuplicateHigh(low, out memfd);
            }

            if (error.IsSuccess)
            {
                error = Descriptors.WriteAll(memfd, image);
            }

            if (error.IsSuccess)
            {
                error = Io.Pipe(out readEnd, out writeEnd);
            }

            if (error.IsSuccess)
            {
                error = Io.DuplicateHigh(readEnd, out highRead);
            }

            if (error.IsSuccess)
            {
                error = Io.DuplicateHigh(writeEnd, out goPipe);
            }

            if (error.IsSuccess)
            {
                var path = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{memfd}\0"));
                error = Native.Spawn.Start(path, [streams[0], streams[1], streams[2], highRead], keepIgnored, out pid);
            }

            if (!error.IsSuccess)
            {
                Io.Close(goPipe);
                goPipe = -1;
            }

            return error;
        }
        finally
        {
            Io.Close(low);
            Io.Close(memfd);
            Io.Close(readEnd);
            Io.Close(writeEnd);
            Io.Close(highRead);
        }
    }
}
