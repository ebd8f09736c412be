using System.Text;
using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;

namespace Catbox.Policy.Tests.Landlock;

/// <summary>A file system of names: what stands where, without contents.</summary>
internal sealed class ScriptedDisk : ILandlockPaths
{
    private readonly Dictionary<string, FileKind> _entries = new()
    {
        ["/"] = FileKind.Directory,
        ["/dev"] = FileKind.Directory,
        ["/dev/pts"] = FileKind.Directory,
        ["/dev/null"] = FileKind.CharacterDevice,
        ["/dev/tty"] = FileKind.CharacterDevice,
        ["/dev/ptmx"] = FileKind.Symlink,
        ["/dev/sda"] = FileKind.BlockDevice,
        ["/proc"] = FileKind.Directory,
    };

    /// <summary>Puts something there, with the directories above it.</summary>
    public ScriptedDisk With(string path, FileKind kind = FileKind.Directory)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _entries.TryAdd(path[..slash], FileKind.Directory);
        }

        _entries[path] = kind;
        return this;
    }

    public FileKind Of(string path) => _entries.GetValueOrDefault(path);

    public FileKind KindOf(ReadOnlySpan<byte> path) => Of(Encoding.UTF8.GetString(path));
}
