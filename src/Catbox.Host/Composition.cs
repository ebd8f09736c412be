using System.Collections;
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
    /// <summary>The system calls of this architecture.</summary>
    public static SyscallTable Syscalls => LinuxX64.Table;

    /// <summary>Makes the runner of <c>catbox run</c>: no host, no container, for they cost more than the rest of a start.</summary>
    /// <param name="loggers">Where the engine's diagnostics go; null for nowhere.</param>
    public static ISandboxRunner CreateRunner(ILoggerFactory? loggers) =>
        SandboxRunner.CreateStandalone(new SandboxRunnerOptions { Loggers = loggers });

    /// <summary>Reads a policy file; <c>${NAME}</c> in it is an environment variable.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="PolicyException">It cannot be read, or is not valid.</exception>
    public static SandboxPolicy ReadPolicy(string path, string name)
    {
        var format = PolicyFile.FormatOf(name);
        try
        {
            return PolicyFile.Parse(File.ReadAllText(path), name, format, Variables());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PolicyException("there is no such file", name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolicyException($"cannot be read: {e.Message}", name);
        }
    }

    /// <summary>The canonical form of an absolute path; parts that do not exist stay as they are.</summary>
    public static string Canonical(string path)
    {
        var full = Path.GetFullPath(path);
        var missing = "";
        while (true)
        {
            try
            {
                var canonical = Encoding.UTF8.GetString(CanonicalPath.Resolve(Encoding.UTF8.GetBytes(full)));
                return missing.Length == 0 ? canonical : canonical.TrimEnd('/') + missing;
            }
            catch (CanonicalPathException) when (full.Length > 1)
            {
                // A part in the middle is missing or not for us to see: what is above it can still be a link.
                var slash = full.LastIndexOf('/');
                missing = full[slash..] + missing;
                full = slash == 0 ? "/" : full[..slash];
            }
        }
    }

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

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }
}
