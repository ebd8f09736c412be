using System.Collections.Concurrent;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;

namespace Catbox.Testing;

/// <summary>
/// A file system that exists in a test only: a path is its own canonical form unless something else is said, and everything exists as a file.
/// </summary>
internal sealed class ScriptedPaths : IPathResolver
{
    /// <summary>Where links lead: a path as given, and its canonical path.</summary>
    public ConcurrentDictionary<string, string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>What canonical paths are; <see cref="FileKind.Unknown"/> where nothing is there.</summary>
    public ConcurrentDictionary<string, FileKind> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>What descriptors are open on.</summary>
    public ConcurrentDictionary<int, string> Descriptors { get; } = new();

    /// <summary>The working directory.</summary>
    public string WorkingDirectory { get; set; } = "/work";

    /// <summary>What every resolution throws, when set.</summary>
    public Exception? Failure { get; set; }

    /// <inheritdoc/>
    public Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into)
    {
        ThrowIfFailing();
        var given = Encoding.Latin1.GetString(path);
        if (given.Length == 0)
        {
            return Errno.ENOENT;
        }

        if (given[0] != '/')
        {
            var directory = WorkingDirectory;
            if (dirFd != -100 && !Descriptors.TryGetValue(dirFd, out directory))
            {
                return Errno.EBADF;
            }

            given = given == "." ? directory! : $"{directory}/{given}";
        }

        return Answer(Links.GetValueOrDefault(given, given), into);
    }

    /// <inheritdoc/>
    public bool IsOnProcFs(ReadOnlySpan<byte> canonical) => canonical.StartsWith("/proc/"u8) || canonical.StartsWith("/mnt/proc/"u8);

    /// <inheritdoc/>
    public Errno ResolveDescriptor(int fd, ResolvedPath into)
    {
        ThrowIfFailing();
        if (!Descriptors.TryGetValue(fd, out var path))
        {
            return Errno.EBADF;
        }

        var error = Answer(path, into);
        into.ThroughDescriptor = fd;
        return error;
    }

    private Errno Answer(string canonical, ResolvedPath into)
    {
        into.Reset();
        into.Set(Encoding.Latin1.GetBytes(canonical));
        into.Kind = Kinds.GetValueOrDefault(canonical, FileKind.Regular);
        into.Exists = into.Kind != FileKind.Unknown;
        return Errno.None;
    }

    private void ThrowIfFailing()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
