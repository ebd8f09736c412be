namespace Catbox.Policy.Paths;

/// <summary>
/// The answer of a path port: the object that a path names, pinned by a descriptor of its directory where the port can give one,
/// and its canonical path as bytes. Reused: one instance per operand and loop, valid until the next resolution.
/// </summary>
internal sealed class ResolvedPath
{
    private byte[] _canonical = new byte[4096];
    private int _length;

    /// <summary>The canonical absolute path: no <c>.</c>, <c>..</c>, links or doubled slashes; <c>pipe:[12]</c> for the nameless.</summary>
    public ReadOnlySpan<byte> Canonical => _canonical.AsSpan(0, _length);
    /// <summary><see cref="Canonical"/> for those who hand it on; valid as long.</summary>
    public ReadOnlyMemory<byte> CanonicalMemory => _canonical.AsMemory(0, _length);
    /// <summary>Whether the last component exists.</summary>
    public bool Exists { get; set; }
    /// <summary>Whether the path as given ended in a slash (or <c>/.</c>): the kernel then insists on a directory.</summary>
    public bool TrailingSlash { get; set; }
    /// <summary>
    /// Nothing is there, and a slash followed the last name, be it that of the path as given or of a link that the walk followed: no file can be made by it (EISDIR).
    /// </summary>
    public bool MissesDirectory { get; set; }
    /// <summary>What is there; <see cref="FileKind.Unknown"/> unless it was asked for (<see cref="ResolveOptions.Stat"/>) or known.</summary>
    public FileKind Kind { get; set; }
    /// <summary>st_dev, when known.</summary>
    public ulong Device { get; set; }
    /// <summary>st_ino, when known.</summary>
    public ulong Inode { get; set; }
    /// <summary>
    /// The object is a descriptor in the table of <see cref="ThroughProcess"/>, reached through <c>/proc/…/fd/N</c>, or one of the calling thread's own, reached by its number
    /// (<see cref="ThroughProcess"/> is 0 then); -1 otherwise.
    /// </summary>
    public int ThroughDescriptor { get; set; } = -1;

    /// <summary>The object was reached through a magic link in the directory of this task (<see cref="MagicLink.Process"/>; -1: of one that cannot be told); 0 otherwise.</summary>
    public int ThroughProcess { get; set; }
    /// <summary>That link is of a descriptor (or a mapping) through which nothing can be written.</summary>
    public bool ThroughReadOnly { get; set; }

    /// <summary>
    /// Whose magic links the walk went through anywhere on its way, which others can make lead elsewhere: a task, -1 for several or one that cannot be told, 0 for none.
    /// </summary>
    public int MagicLinksOf { get; set; }

    /// <summary>
    /// Set by a port that has filled <see cref="Exists"/>, <see cref="Kind"/>, <see cref="Device"/> and <see cref="Inode"/> without being asked to
    /// (<see cref="ResolveOptions.Stat"/>): asking again would only cost kernel calls.
    /// </summary>
    public bool IsStated { get; set; }

    /// <summary>Replaces the canonical path.</summary>
    public void Set(ReadOnlySpan<byte> path)
    {
        if (path.Length > _canonical.Length)
        {
            _canonical = new byte[path.Length * 2];
        }

        path.CopyTo(_canonical);
        _length = path.Length;
    }

    /// <summary>Adds a component to the canonical path.</summary>
    public void Append(ReadOnlySpan<byte> name)
    {
        var needed = _length + 1 + name.Length;
        if (needed > _canonical.Length)
        {
            Array.Resize(ref _canonical, needed * 2);
        }

        if (_length == 0 || _canonical[_length - 1] != (byte)'/')
        {
            _canonical[_length++] = (byte)'/';
        }

        name.CopyTo(_canonical.AsSpan(_length));
        _length += name.Length;
    }

    /// <summary>Empties it for the next resolution.</summary>
    public void Reset()
    {
        _length = 0;
        Exists = false;
        IsStated = false;
        TrailingSlash = false;
        MissesDirectory = false;
        Kind = FileKind.Unknown;
        Device = 0;
        Inode = 0;
        MagicLinksOf = 0;
        ForgetLink();
    }

    /// <summary>Takes over what another one says.</summary>
    internal void CopyFrom(ResolvedPath other)
    {
        Set(other.Canonical);
        Exists = other.Exists;
        IsStated = other.IsStated;
        TrailingSlash = other.TrailingSlash;
        MissesDirectory = other.MissesDirectory;
        Kind = other.Kind;
        Device = other.Device;
        Inode = other.Inode;
        ThroughDescriptor = other.ThroughDescriptor;
        ThroughProcess = other.ThroughProcess;
        ThroughReadOnly = other.ThroughReadOnly;
        MagicLinksOf = other.MagicLinksOf;
    }

    /// <summary>The walk has gone on from where a magic link led.</summary>
    internal void ForgetLink()
    {
        ThroughDescriptor = -1;
        ThroughProcess = 0;
        ThroughReadOnly = false;
    }
}
