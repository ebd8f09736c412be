using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <summary>The private TMPDIR of a session. As long as its host lives, it is marked by a lock (<see cref="TemporaryDirectories"/>).</summary>
internal sealed class TemporaryDirectory
{
    private readonly int _parent;
    private readonly byte[] _name;
    private readonly int _descriptor;
    private int _isRemoved;

    /// <param name="path">Its canonical path.</param>
    /// <param name="parent">The directory that it is in; owned.</param>
    /// <param name="name">Its name there, with a NUL.</param>
    /// <param name="descriptor">Itself, open for reading; owned.</param>
    /// <param name="sweep">See <see cref="Sweep"/>.</param>
    internal TemporaryDirectory(GuestString path, int parent, byte[] name, int descriptor, Task sweep)
    {
        Path = path;
        _parent = parent;
        _name = name;
        _descriptor = descriptor;
        Sweep = sweep;
    }

    /// <summary>Its canonical path.</summary>
    public GuestString Path { get; }

    /// <summary>The removal of what other hosts have left, under way meanwhile.</summary>
    public Task Sweep { get; }

    /// <summary>Removes it with all that is in it.</summary>
    /// <returns>Null, or what stays and why.</returns>
    public string? Remove()
    {
        if (Interlocked.Exchange(ref _isRemoved, 1) != 0)
        {
            return null;
        }

        var removal = new TreeRemoval(long.MaxValue);
        removal.Empty(_descriptor);
        var result = Changes.Unlink(_parent, _name, Changes.AT_REMOVEDIR);
        Io.Close(_descriptor);
        Io.Close(_parent);
        var error = new Errno((int)Math.Max(0, -result));
        return error.IsSuccess || error == Errno.ENOENT ? null
            : $"the temporary directory {PathText.Escape(Path.Bytes)} stays: {removal.Failure ?? $"rmdir: {error}"}";
    }
}
