using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Launching;

/// <summary>This machine's file system, as a Landlock plan looks at it.</summary>
/// <param name="assumed">A directory that is taken to be there though it is not: the TMPDIR of a session that is only explained; null for none.</param>
internal sealed class LandlockPaths(GuestString? assumed = null) : ILandlockPaths
{
    // A link in the last place is opened itself (openat2(2)).
    private const int Flags = Files.O_PATH | Files.O_NOFOLLOW | Files.O_CLOEXEC;

    private byte[]? _workingDirectory;

    /// <inheritdoc/>
    public FileKind KindOf(ReadOnlySpan<byte> path)
    {
        if (assumed is { } there && path.SequenceEqual(there.Bytes))
        {
            return FileKind.Directory;
        }

        if (!Open(path, out var fd).IsSuccess && !Open(FromWorkingDirectory(path), out fd).IsSuccess)
        {
            return FileKind.Unknown;
        }

        var error = Files.Stat(fd, "\0"u8, Files.AT_EMPTY_PATH, out var stat);
        Io.Close(fd);
        return error.IsSuccess ? GuestFileSystemView.KindOf(stat.stx_mode) : FileKind.Unknown;
    }

    /// <summary>
    /// What a canonical path is opened by: itself, or a way from the working directory where it is too long to be said in one piece, or leads through a directory that this user may not search.
    /// </summary>
    public byte[] WayTo(ReadOnlySpan<byte> path)
    {
        var error = Open(path, out var fd);
        Io.Close(fd);
        return error == Errno.ENAMETOOLONG || error == Errno.EACCES ? FromWorkingDirectory(path) : path.ToArray();
    }

    private byte[] FromWorkingDirectory(ReadOnlySpan<byte> path)
    {
        if (_workingDirectory is null)
        {
            try
            {
                _workingDirectory = CanonicalPath.Resolve("."u8);
            }
            catch (CanonicalPathException)
            {
                _workingDirectory = [];
            }
        }

        var from = _workingDirectory.AsSpan();
        if (from.IsEmpty)
        {
            return path.ToArray();
        }

        var way = new List<byte>();
        while (!PathSyntax.IsAtOrBelow(path, from))
        {
            way.AddRange("../"u8);
            var slash = from.LastIndexOf((byte)'/');
            from = slash <= 0 ? "/"u8.ToArray() : from[..slash];
        }

        var rest = path[(from.Length == 1 ? 0 : from.Length)..].TrimStart((byte)'/');
        return [.. way, .. rest.IsEmpty ? "."u8 : rest];
    }

    /// <inheritdoc/>
    public bool HoldsQueues(ReadOnlySpan<byte> path)
    {
        if (!Open(path, out var fd).IsSuccess)
        {
            return false;
        }

        var holds = Files.IsOnQueues(fd);
        Io.Close(fd);
        return holds;
    }

    private static Errno Open(ReadOnlySpan<byte> path, out int fd) => Files.Open2(Files.AT_FDCWD, [.. path, 0], Flags, Files.RESOLVE_NO_SYMLINKS, out fd);
}
