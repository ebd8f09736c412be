using System.Text;
using Catbox.Policy;
using Catbox.Policy.Files;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime;
using Microsoft.Extensions.Logging;

namespace Catbox.Host;

/// <summary>The composition root: the one place where the program meets the engine's constructors.</summary>
internal static class Composition
{
    /// <summary>Makes the runner of <c>catbox run</c>: no host, no container, for they cost more than the rest of a start.</summary>
    public static ISandboxRunner CreateRunner(ILoggerFactory? loggers) =>
        SandboxRunner.CreateStandalone(new SandboxRunnerOptions { Loggers = loggers });

    /// <summary>Reads a policy file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="PolicyException">It cannot be read, or is not valid.</exception>
    public static SandboxPolicy ReadPolicy(string path, string name)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolicyException($"cannot be read: {e.Message}", name);
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? string.Empty;
        }

        return PolicyFile.Parse(text, name, PolicyFile.FormatOf(name), variables);
    }

    /// <summary>The canonical form of an absolute path; parts that do not exist stay as they are.</summary>
    public static string Canonical(string path)
    {
        // The kernel resolves all that is there; what is not yet is kept as it is written.
        var missing = string.Empty;
        for (var head = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); head.Length > 1; head = Path.GetDirectoryName(head) ?? "/")
        {
            if (Resolve(Encoding.UTF8.GetBytes(head), null, follow: true, out var canonical).IsSuccess && Path.Exists(head))
            {
                return Encoding.UTF8.GetString(canonical) is var found && missing.Length > 0 ? Path.Join(found, missing) : found;
            }

            missing = missing.Length == 0 ? Path.GetFileName(head) : Path.Join(Path.GetFileName(head), missing);
        }

        return Path.Join("/", missing);
    }

    /// <summary>The system calls of this architecture.</summary>
    public static SyscallTable Syscalls => LinuxX64.Table;

    /// <summary>Resolves a path as a process would.</summary>
    /// <param name="path">Bytes.</param>
    /// <param name="pid">The process; our own when null.</param>
    /// <param name="follow">Whether a link in the last place is followed.</param>
    /// <param name="canonical">The canonical path, bytes.</param>
    public static Errno Resolve(ReadOnlySpan<byte> path, int? pid, bool follow, out byte[] canonical)
    {
        try
        {
            canonical = CanonicalPath.Resolve(path, follow, pid ?? 0);
            return Errno.None;
        }
        catch (CanonicalPathException e)
        {
            canonical = [];
            return e.Errno;
        }
    }
}
