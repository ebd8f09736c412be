using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>
/// Looks with the tracer's own eyes at what is to be a pool, after the task was made to seal it. Nothing is believed of what the calls returned, and nothing is supposed of who ran meanwhile: what is
/// sealed, read-only and without a page at one moment has no page from then on but those that the tracer writes. Without allocating.
/// </summary>
internal sealed class SealCheck
{
    /// <summary>Where a search ends: some fifteen hundred mappings, a few milliseconds.</summary>
    private const int MaxRead = 1 << 20;

    /// <summary>The kernel goes on to the next mapping while a read has room.</summary>
    private const int Chunk = 4096;

    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Whether mappings can be sealed here, and be seen to be: the same look, at a page of ours.</summary>
    public static Errno Probe { get; } = ProbeOnce();

    /// <summary>Whether slots are sealed here.</summary>
    public static bool Works => Probe.IsSuccess;

    /// <summary>Looks at a range of whole pages.</summary>
    /// <param name="fd">A descriptor of ours, at the beginning of the smaps of the task.</param>
    /// <param name="address">Its first byte.</param>
    /// <param name="length">Its length.</param>
    public SealProof Look(int fd, ulong address, ulong length)
    {
        var reader = new SmapsReader(address, length);
        var held = 0;
        for (int read = 0, count; read < MaxRead; read += count)
        {
            var room = Math.Min(Chunk, _buffer.Length - held);
            if (room == 0)
            {
                // A line without an end: a file far below PATH_MAX.
                return SealProof.NotSeen;
            }

            if (!Io.Read(fd, _buffer.AsSpan(held, room), out count).IsSuccess)
            {
                return SealProof.Unknown;
            }

            if (count == 0)
            {
                return SealProof.Fails;
            }

            var text = _buffer.AsSpan(0, held + count);
            for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..])
            {
                if (!reader.Take(text[..end]))
                {
                    return reader.Result;
                }
            }

            text.CopyTo(_buffer);
            held = text.Length;
        }

        return SealProof.NotSeen;
    }

    private static Errno ProbeOnce()
    {
        var error = Mapping.SealPage(GuestAddressSpace.LowHint, out var address);
        if (!error.IsSuccess)
        {
            return error;
        }

        error = Io.Open("/proc/self/smaps\0"u8, Io.O_RDONLY, 0, out var fd);
        if (error.IsSuccess && new SealCheck().Look(fd, address, Mapping.PageSize) != SealProof.Holds)
        {
            error = Errno.EOPNOTSUPP;
        }

        Io.Close(fd);
        return error;
    }
}
