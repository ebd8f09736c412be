using System.Text;
using Catbox.Policy.Paths;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A file system in memory, seen from the working directory <c>/w</c>.</summary>
internal sealed class ScriptedPaths : IPathResolver
{
    private readonly Dictionary<string, (FileKind Kind, string? Target, ulong Inode)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Canonical, int Process, bool ReadOnly)> _magic = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Canonical, FileKind Kind, ulong Inode)> _descriptors = [];

    public ScriptedPaths()
    {
        foreach (var directory in (string[])["/", "/w", "/out", "/dev", "/proc", "/proc/10", "/proc/10/fd", "/proc/99", "/proc/thread-self", "/proc/thread-self/fd"])
        {
            Add(directory, FileKind.Directory);
        }
    }

    /// <summary>How often something was resolved.</summary>
    public int Resolutions { get; private set; }

    public void Add(string path, FileKind kind, string? target = null, ulong inode = 0)
        => _entries[path] = (kind, target, inode != 0 ? inode : (ulong)_entries.Count + 1);

    public void AddDescriptor(int fd, string canonical, FileKind kind, ulong inode = 1000) => _descriptors[fd] = (canonical, kind, inode);

    /// <summary>A link in the directory of a process, to an object without a name.</summary>
    public void AddMagic(string path, string canonical, int process, bool readOnly) => _magic[path] = (canonical, process, readOnly);

    public Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into)
    {
        Resolutions++;
        into.Reset();
        var text = Encoding.Latin1.GetString(path);
        if (!text.StartsWith('/'))
        {
            if (dirFd != -100)
            {
                if (!_descriptors.TryGetValue(dirFd, out var directory))
                {
                    return Errno.EBADF;
                }

                text = directory.Canonical + "/" + text;
            }
            else
            {
                text = "/w/" + text;
            }
        }

        if (_magic.TryGetValue(text, out var magic))
        {
            Fill((magic.Canonical, FileKind.Anonymous, 1000), -1, into);
            into.ThroughProcess = magic.Process;
            into.ThroughReadOnly = magic.ReadOnly;
            return Errno.None;
        }

        return Walk(text, (options & (ResolveOptions.NoFollow | ResolveOptions.Entry)) == 0, 0, into);
    }

    public bool IsOnProcFs(ReadOnlySpan<byte> canonical) => canonical.StartsWith("/proc/"u8) || canonical.StartsWith("/mnt/proc/"u8);

    public Errno ResolveDescriptor(int fd, ResolvedPath into)
    {
        Resolutions++;
        into.Reset();
        if (!_descriptors.TryGetValue(fd, out var found))
        {
            return Errno.EBADF;
        }

        // As the real port: what is behind a descriptor is told by its name, and its kind only where it has none.
        Fill(found, fd, into);
        into.Inode = 0;
        into.Device = 0;
        into.Kind = found.Kind == FileKind.Anonymous ? FileKind.Anonymous : FileKind.Unknown;
        return Errno.None;
    }

    private Errno Walk(string path, bool follow, int links, ResolvedPath into)
    {
        if (links > 40)
        {
            return Errno.ELOOP;
        }

        var here = "";
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static n => n != ".").ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            var isLast = i == names.Length - 1;
            if (names[i] == "..")
            {
                here = here[..Math.Max(0, here.LastIndexOf('/'))];
                continue;
            }

            if (names[i].Length > 255)
            {
                return Errno.ENAMETOOLONG;
            }

            var next = here + "/" + names[i];
            if (here is "/proc/10/fd" or "/proc/thread-self/fd" && int.TryParse(names[i], out var fd) && follow)
            {
                if (!_descriptors.TryGetValue(fd, out var found))
                {
                    return Errno.ENOENT;
                }

                Fill(found, fd, into);
                into.ThroughProcess = 10;
                into.MagicLinksOf = 10;
                return Errno.None;
            }

            if (!_entries.TryGetValue(next, out var entry))
            {
                if (!isLast)
                {
                    return Errno.ENOENT;
                }

                into.Set(Encoding.Latin1.GetBytes(next));
                return Errno.None;
            }

            if (entry.Target is { } target && (!isLast || follow))
            {
                var rest = string.Join('/', names[(i + 1)..]);
                into.MagicLinksOf = next is "/proc/10/cwd" || here is "/dev/fd" ? 10 : into.MagicLinksOf;
                return Walk((target.StartsWith('/') ? target : here + "/" + target) + "/" + rest, follow, links + 1, into);
            }

            if (!isLast && entry.Kind != FileKind.Directory)
            {
                return Errno.ENOTDIR;
            }

            here = next;
        }

        here = here.Length == 0 ? "/" : here;
        into.Set(Encoding.Latin1.GetBytes(here));
        into.Exists = true;
        into.Kind = _entries[here].Kind;
        into.Device = 1;
        into.Inode = _entries[here].Inode;
        return Errno.None;
    }

    private static void Fill((string Canonical, FileKind Kind, ulong Inode) found, int fd, ResolvedPath into)
    {
        into.Set(Encoding.Latin1.GetBytes(found.Canonical));
        into.Exists = true;
        into.Kind = found.Kind;
        into.Device = 1;
        into.Inode = found.Inode;
        into.ThroughDescriptor = fd;
    }
}
