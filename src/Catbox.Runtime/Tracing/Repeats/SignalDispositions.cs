using System.Buffers.Text;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Repeats;

/// <summary>Whether a stopped task's process handles a signal, out of <c>/proc/TID/status</c> (proc_pid_status(5)), without allocating.</summary>
internal sealed class SignalDispositions
{
    private const int SIGCHLD = 17, SIGCONT = 18, SIGURG = 23, SIGWINCH = 28;

    // sig_kernel_ignore (include/linux/signal.h).
    private const ulong IgnoredByDefault = (1UL << (SIGCHLD - 1)) | (1UL << (SIGCONT - 1)) | (1UL << (SIGURG - 1)) | (1UL << (SIGWINCH - 1));

    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Whether nothing happens when it is delivered; false where that cannot be told.</summary>
    public bool IsIgnored(int tid, int signal)
    {
        Span<byte> path = stackalloc byte[ProcPath.Size];
        if (!Io.Open(ProcPath.Write(path, tid, "/status"u8), Io.O_RDONLY, 0, out var fd).IsSuccess)
        {
            return false;
        }

        var isKnown = TryRead(fd, out var ignored, out var caught);
        Io.Close(fd);
        return isKnown && IsIgnored(signal, ignored, caught);
    }

    /// <summary>What the two masks say of a signal.</summary>
    internal static bool IsIgnored(int signal, ulong ignored, ulong caught)
    {
        var bit = 1UL << (signal - 1);
        return (ignored & bit) != 0 || (IgnoredByDefault & ~caught & bit) != 0;
    }

    private bool TryRead(int fd, out ulong ignored, out ulong caught)
    {
        ignored = caught = 0;
        var found = 0;
        var held = 0;
        // In pieces: somebody in very many groups has a line of 720 KB before those that are looked for.
        while (found < 2 && Io.Read(fd, _buffer.AsSpan(held), out var count).IsSuccess && count > 0)
        {
            var text = _buffer.AsSpan(0, held + count);
            for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..])
            {
                found += IsMask(text[..end], "SigIgn:\t"u8, ref ignored) || IsMask(text[..end], "SigCgt:\t"u8, ref caught) ? 1 : 0;
            }

            if (text.Length == _buffer.Length)
            {
                text = text[^16..]; // No line that is looked for is that long.
            }

            text.CopyTo(_buffer);
            held = text.Length;
        }

        return found == 2;
    }

    private static bool IsMask(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref ulong mask) =>
        line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out mask, out _, 'x');
}
