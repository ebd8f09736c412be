using System.Buffers.Text;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>Looks a mapping up in /proc/PID/maps (proc_pid_maps(5)), without allocating.</summary>
internal sealed class MemoryMap
{
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>
    /// Whether a range lies in one private, anonymous, read-only mapping. Asked after it was sealed: until then another thread could have put something else in
    /// its place, such as a page that is written through a second mapping.
    /// </summary>
    public bool IsPlainReadOnly(int tid, ulong address, ulong length)
    {
        Span<byte> path = stackalloc byte[ProcPath.Size];
        if (!Io.Open(ProcPath.Write(path, tid, "/maps"u8), Io.O_RDONLY, 0, out var fd).IsSuccess)
        {
            return false;
        }

        var found = Search(fd, address, length);
        Io.Close(fd);
        return found;
    }

    private bool Search(int fd, ulong address, ulong length)
    {
        var held = 0;
        while (Io.Read(fd, _buffer.AsSpan(held), out var count).IsSuccess && count > 0)
        {
            var text = _buffer.AsSpan(0, held + count);
            for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..])
            {
                if (Covers(text[..end], address, length, out var isPlain))
                {
                    return isPlain;
                }
            }

            // A line that has no end yet. One that fills the buffer (a file far below PATH_MAX) ends the search, and what was asked for is not found.
            text.CopyTo(_buffer);
            held = text.Length;
        }

        return false;
    }

    /// <summary><c>start-end perms offset dev inode   name</c>.</summary>
    internal static bool Covers(ReadOnlySpan<byte> line, ulong address, ulong length, out bool isPlain)
    {
        isPlain = false;
        if (!Utf8Parser.TryParse(line, out ulong start, out var digits, 'x')
            || !Utf8Parser.TryParse(line[(digits + 1)..], out ulong end, out var more, 'x')
            || address < start || address >= end)
        {
            return false;
        }

        isPlain = address + length <= end && line[(digits + 1 + more)..].TrimEnd((byte)' ').SequenceEqual(" r--p 00000000 00:00 0"u8);
        return true;
    }
}
