using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Launching;

/// <summary>This machine's file system, as a Landlock plan looks at it.</summary>
/// <param name="assumed">A directory that is taken to be there though it is not: the TMPDIR of a session that is only explained; null for none.</param>
internal sealed class LandlockPaths(string? assumed = null) : ILandlockPaths
{
    /// <inheritdoc/>
    public FileKind KindOf(ReadOnlySpan<byte> path)
    {
        if (assumed is not null && path.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(assumed)))
        {
            return FileKind.Directory;
        }

        // A link in the last place is opened itself (openat2(2)).
        const int Flags = Files.O_PATH | Files.O_NOFOLLOW | Files.O_CLOEXEC;
        if (!Files.Open2(Files.AT_FDCWD, [.. path, 0], Flags, Files.RESOLVE_NO_SYMLINKS, out var fd).IsSuccess)
        {
            return FileKind.Unknown;
        }

        var error = Files.Stat(fd, "\0"u8, Files.AT_EMPTY_PATH, out var stat);
        Io.Close(fd);
        return error.IsSuccess ? GuestFileSystemView.KindOf(stat.stx_mode) : FileKind.Unknown;
    }
}
