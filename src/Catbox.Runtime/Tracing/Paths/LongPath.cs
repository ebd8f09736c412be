using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>Opens canonical paths of any length: what is longer than PATH_MAX in pieces, each from where the last one led.</summary>
internal static class LongPath
{
    private const int DirectoryFlags = Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC;

    /// <summary>openat2(2) of a canonical path, on whose way no link may be (RESOLVE_NO_SYMLINKS).</summary>
    /// <param name="proc">Spells the pieces.</param>
    /// <param name="canonical">Absolute, no NUL.</param>
    /// <param name="flags">O_*, for the object itself.</param>
    /// <param name="fd">The descriptor, -1 on an error.</param>
    public static Errno Open(ProcPaths proc, ReadOnlySpan<byte> canonical, int flags, out int fd)
    {
        var start = Files.AT_FDCWD;
        while (canonical.Length >= PathLimits.PathMax)
        {
            var slash = canonical[..(PathLimits.PathMax - 1)].LastIndexOf(PathSyntax.Slash);
            if (slash <= 0)
            {
                fd = -1;
                return Close(start, Errno.ENAMETOOLONG);
            }

            var error = Close(start, Files.Open2(start, proc.Plain(canonical[..slash]), DirectoryFlags, Files.RESOLVE_NO_SYMLINKS, out fd));
            if (!error.IsSuccess)
            {
                return error;
            }

            start = fd;
            canonical = canonical[(slash + 1)..];
        }

        return Close(start, Files.Open2(start, proc.Plain(canonical), flags, Files.RESOLVE_NO_SYMLINKS, out fd));
    }

    private static Errno Close(int start, Errno error)
    {
        if (start >= 0)
        {
            Io.Close(start);
        }

        return error;
    }
}
