using System.Buffers.Text;

namespace Catbox.Runtime.Native;

/// <summary>Spells the names under /proc of any task, as NUL-terminated bytes, without allocating.</summary>
internal static class ProcPath
{
    /// <summary>Room enough for any of them.</summary>
    public const int Size = 64;

    /// <summary>Writes <c>/proc/PID</c> and what follows.</summary>
    /// <returns>The slice that was written, with the NUL.</returns>
    public static ReadOnlySpan<byte> Write(Span<byte> into, int pid, ReadOnlySpan<byte> rest)
    {
        "/proc/"u8.CopyTo(into);
        Utf8Formatter.TryFormat(pid, into[6..], out var digits);
        rest.CopyTo(into[(6 + digits)..]);
        into[6 + digits + rest.Length] = 0;
        return into[..(6 + digits + rest.Length + 1)];
    }

    /// <summary>Writes <c>/proc/PID/fd/N</c>.</summary>
    /// <returns>The slice that was written, with the NUL.</returns>
    public static ReadOnlySpan<byte> WriteDescriptor(Span<byte> into, int pid, int fd) => WriteNumber(into, Write(into, pid, "/fd/"u8).Length - 1, fd);

    /// <summary>Writes <c>/proc/PID/fdinfo/N</c>.</summary>
    /// <returns>The slice that was written, with the NUL.</returns>
    public static ReadOnlySpan<byte> WriteDescriptorInfo(Span<byte> into, int pid, int fd) => WriteNumber(into, Write(into, pid, "/fdinfo/"u8).Length - 1, fd);

    /// <summary>Writes <c>/proc/self/fdinfo/FD</c>, of a descriptor of ours.</summary>
    /// <returns>The slice that was written, with the NUL.</returns>
    public static ReadOnlySpan<byte> WriteOwnDescriptorInfo(Span<byte> into, int fd)
    {
        "/proc/self/fdinfo/"u8.CopyTo(into);
        return WriteNumber(into, 18, fd);
    }

    /// <summary>Writes <c>/proc/self/fd/FD</c>, the link of a descriptor of ours.</summary>
    /// <returns>The slice that was written, with the NUL.</returns>
    public static ReadOnlySpan<byte> WriteOwnDescriptor(Span<byte> into, int fd)
    {
        "/proc/self/fd/"u8.CopyTo(into);
        return WriteNumber(into, 14, fd);
    }

    private static ReadOnlySpan<byte> WriteNumber(Span<byte> into, int length, int number)
    {
        Utf8Formatter.TryFormat(number, into[length..], out var digits);
        into[length + digits] = 0;
        return into[..(length + digits + 1)];
    }
}
