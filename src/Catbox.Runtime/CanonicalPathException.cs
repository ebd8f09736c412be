using Catbox.Policy;

namespace Catbox.Runtime;

/// <summary>A path could not be resolved.</summary>
public sealed class CanonicalPathException : SandboxException
{
    private readonly byte[] _path;

    internal CanonicalPathException(ReadOnlySpan<byte> path, Errno errno)
        : base($"{PathText.Escape(path)}: {errno}")
    {
        _path = path.ToArray();
        Errno = errno;
    }

    /// <summary>What the kernel would answer (path_resolution(7)); ESRCH or EACCES where the process cannot be looked into.</summary>
    public Errno Errno { get; }

    /// <summary>The path as given, bytes.</summary>
    public ReadOnlySpan<byte> Path => _path;
}
