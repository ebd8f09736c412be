using Catbox.Policy;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Runtime;
using Microsoft.Extensions.Logging;

namespace Catbox.Host;

/// <summary>The composition root: the one place where the program meets the engine's constructors.</summary>
internal static class Composition
{
    /// <summary>Makes the runner of <c>catbox run</c>: no host, no container, for they cost more than the rest of a start.</summary>
    public static ISandboxRunner CreateRunner(ILoggerFactory? loggers) =>
        throw new NotSupportedException("the engine is not there" + loggers);

    /// <summary>Reads a policy file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="PolicyException">It cannot be read, or is not valid.</exception>
    public static SandboxPolicy ReadPolicy(string path, string name) => throw new PolicyException("not supported: " + path, name);

    /// <summary>The canonical form of an absolute path; parts that do not exist stay as they are.</summary>
    public static string Canonical(string path) => Path.GetFullPath(path);

    /// <summary>The system calls of this architecture.</summary>
    public static SyscallTable Syscalls => throw new NotSupportedException("the table is not there");

    /// <summary>Resolves a path as a process would.</summary>
    /// <param name="path">Bytes.</param>
    /// <param name="pid">The process; our own when null.</param>
    /// <param name="follow">Whether a link in the last place is followed.</param>
    /// <param name="canonical">The canonical path, bytes.</param>
    public static Errno Resolve(ReadOnlySpan<byte> path, int? pid, bool follow, out byte[] canonical)
    {
        canonical = path.ToArray();
        return Errno.None;
    }
}
