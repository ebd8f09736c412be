using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Diagnostics;

/// <summary>Files of the host's by the bytes of their names, which a .NET string cannot hold where they are not UTF-8.</summary>
internal static class HostFiles
{
    private const int MaxLinks = 40;

    /// <summary>Whether there is a procfs at /proc.</summary>
    public static bool HasProc => Io.Access("/proc/self/stat\0"u8, 0).IsSuccess;

    /// <summary>Reads a file to its end: a pipe and a device too.</summary>
    /// <param name="path">Bytes; relative to the working directory where it has no slash in front.</param>
    /// <param name="content">What it holds.</param>
    public static Errno Read(ReadOnlySpan<byte> path, out byte[] content)
    {
        content = [];
        var error = Files.Open(Files.AT_FDCWD, [.. path, 0], Io.O_RDONLY | Files.O_NOCTTY | Files.O_CLOEXEC, out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        while ((error = Io.Read(fd, buffer, out var count)).IsSuccess && count > 0)
        {
            all.Write(buffer, 0, count);
        }

        Io.Close(fd);
        content = all.ToArray();
        return error;
    }

    /// <summary>What stands at a path; links are followed.</summary>
    /// <returns><see cref="FileKind.Unknown"/> where nothing does, or it cannot be seen.</returns>
    public static FileKind KindOf(ReadOnlySpan<byte> path) =>
        Files.Stat(Files.AT_FDCWD, [.. path, 0], 0, out var stat).IsSuccess ? GuestFileSystemView.KindOf(stat.stx_mode) : FileKind.Unknown;

    /// <summary>Whether the working directory is still there: ENOENT where it was removed.</summary>
    public static Errno WorkingDirectory()
    {
        var error = Files.WorkingDirectory(new byte[PathLimits.PathMax + 1], out _);
        return error == Errno.ENOENT ? error : Errno.None;
    }

    /// <summary>Whether an <see cref="OutputFile"/> of this path would be replaced in one step. Nothing is opened.</summary>
    public static bool IsReplaceable(ReadOnlySpan<byte> path) => KindOf(path) is FileKind.Regular or FileKind.Unknown && OwnDescriptor(path) < 0;

    /// <summary>
    /// The number of the descriptor of this process that a path names: /dev/stdout, /dev/fd/3 and whatever else leads to a link in /proc/self/fd. To open such a path again would give
    /// another place in the same file, and nothing at all for a socket.
    /// </summary>
    /// <returns>-1 where it names none.</returns>
    internal static int OwnDescriptor(ReadOnlySpan<byte> path)
    {
        var text = new byte[PathLimits.PathMax];
        var at = path.ToArray();
        for (var i = 0; i < MaxLinks; i++)
        {
            byte[] canonical;
            try
            {
                canonical = CanonicalPath.Resolve(at, follow: false);
            }
            catch (CanonicalPathException)
            {
                return -1;
            }

            if (DescriptorOf(canonical) is >= 0 and var fd)
            {
                return fd;
            }

            if (!Files.ReadLink(Files.AT_FDCWD, [.. canonical, 0], text, out var length).IsSuccess)
            {
                return -1;
            }

            var target = text.AsSpan(0, length);
            at = target.StartsWith("/"u8) ? target.ToArray() : [.. canonical.AsSpan(0, canonical.AsSpan().LastIndexOf((byte)'/') + 1), .. target];
        }

        return -1;
    }

    /// <summary>The number in <c>/proc/OWN/fd/N</c> or <c>/proc/OWN/task/TID/fd/N</c>.</summary>
    private static int DescriptorOf(ReadOnlySpan<byte> canonical)
    {
        var parts = Encoding.UTF8.GetString(canonical).Split('/');
        Span<byte> own = stackalloc byte[16];
        if (!Files.ReadLink(Files.AT_FDCWD, "/proc/self\0"u8, own, out var length).IsSuccess)
        {
            return -1;
        }

        var pid = Encoding.ASCII.GetString(own[..length]);
        var number = parts switch
        {
            ["", "proc", var p, "fd", var n] when p == pid => n,
            ["", "proc", var p, "task", _, "fd", var n] when p == pid => n,
            _ => "",
        };
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var fd) ? fd : -1;
    }
}
