using System.Text;
using Catbox.Policy.Paths;
using Xunit;

namespace Catbox.Policy.Tests.Paths;

/// <summary>A file system of nodes in memory, seen by a guest with process 42 and thread 43. Every handle that is given out must come back.</summary>
internal sealed class MemoryFileSystem : IFileSystemView
{
    private readonly Dictionary<int, Node> _open = [];
    private readonly Dictionary<int, Node> _descriptors = [];
    private int _next = 100;
    private ulong _inodes = 1;

    public MemoryFileSystem()
    {
        Top = new Node { Kind = FileKind.Directory, Name = "", Inode = _inodes++ };
        Root = Top;
        WorkingDirectory = Top;
    }

    /// <summary>The host's root.</summary>
    public Node Top { get; }

    /// <summary>The guest's root.</summary>
    public Node Root { get; set; }

    public Node WorkingDirectory { get; set; }

    public int OpenHandles => _open.Count;

    public int LookUps { get; private set; }

    public Node AddDirectory(string path) => Add(path, FileKind.Directory, null);

    public Node AddFile(string path) => Add(path, FileKind.Regular, null);

    public Node AddLink(string path, string target) => Add(path, FileKind.Symlink, target);

    /// <summary>A link that leads to an object and not to its text.</summary>
    public void AddMagic(string path, Node target, int descriptor = -1)
    {
        var link = Add(path, FileKind.Symlink, "magic:[0]");
        link.Magic = target;
        link.Descriptor = descriptor;
    }

    public void AddDescriptor(int fd, Node node) => _descriptors[fd] = node;

    public Errno OpenRoot(out int handle) => Give(Root, out handle);

    public Errno OpenStart(int dirFd, out int handle)
    {
        handle = -1;
        return dirFd == -100 ? Give(WorkingDirectory, out handle)
            : _descriptors.TryGetValue(dirFd, out var node) ? Give(node, out handle) : Errno.EBADF;
    }

    public Errno OpenEntry(int directory, ReadOnlySpan<byte> name, out int handle)
    {
        LookUps++;
        handle = -1;
        var node = _open[directory];
        return !node.IsSearchable ? Errno.EACCES
            : name.SequenceEqual("."u8) ? Give(node, out handle)
            : node.Entries.TryGetValue(Encoding.Latin1.GetString(name), out var entry) ? Give(entry, out handle) : Errno.ENOENT;
    }

    public Errno OpenParent(int directory, out int handle)
    {
        var node = _open[directory];
        return Give(node == Root ? node : node.Parent ?? node, out handle);
    }

    public Errno Identify(int handle, out FileIdentity identity)
    {
        identity = new FileIdentity(_open[handle].Kind, 7, _open[handle].Inode);
        return Errno.None;
    }

    public Errno ReadLink(int directory, ReadOnlySpan<byte> name, int link, Span<byte> text, out int length, out bool isMagic)
    {
        isMagic = _open[link].Magic is not null;
        length = Encoding.Latin1.GetBytes(_open[link].Target!, text);
        return Errno.None;
    }

    public Errno OpenMagic(int directory, ReadOnlySpan<byte> name, out int handle, out MagicLink link)
    {
        var entry = _open[directory].Entries[Encoding.Latin1.GetString(name)];
        link = new MagicLink(entry.Descriptor, entry.Owner, entry.MayWrite);
        return Give(entry.Magic!, out handle);
    }

    public Errno GetPath(int handle, ResolvedPath into, out bool isNamed)
    {
        var node = _open[handle];
        isNamed = !node.IsRemoved && node.Kind != FileKind.Fifo;
        var path = node.Name.StartsWith("pipe:", StringComparison.Ordinal) ? node.Name : node.Path;
        into.Set(Encoding.Latin1.GetBytes(node.IsRemoved ? path + " (deleted)" : path));
        return Errno.None;
    }

    public void Close(int handle) => Assert.True(_open.Remove(handle), "a handle was closed that was not open");

    private Node Add(string path, FileKind kind, string? target)
    {
        var at = Top;
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names[..^1])
        {
            if (!at.Entries.TryGetValue(name, out var next))
            {
                next = at.Entries[name] = new Node { Kind = FileKind.Directory, Name = name, Parent = at, Inode = _inodes++ };
            }

            at = next;
        }

        return at.Entries[names[^1]] = new Node { Kind = kind, Name = names[^1], Parent = at, Target = target, Inode = _inodes++ };
    }

    private Errno Give(Node node, out int handle)
    {
        handle = _next++;
        _open[handle] = node;
        return Errno.None;
    }

    public sealed class Node
    {
        public required FileKind Kind { get; init; }

        public required string Name { get; init; }

        public ulong Inode { get; init; }

        public Node? Parent { get; init; }

        public string? Target { get; init; }

        public Node? Magic { get; set; }

        public int Descriptor { get; set; } = -1;

        public int Owner { get; set; } = 42;

        public bool MayWrite { get; set; } = true;

        public bool IsRemoved { get; set; }

        public bool IsSearchable { get; set; } = true;

        public Dictionary<string, Node> Entries { get; } = [];

        public string Path => Parent is null ? "/" : Parent.Parent is null ? "/" + Name : $"{Parent.Path}/{Name}";
    }
}
