using System.Collections;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Files;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;
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

    /// <summary>Reads a policy file, or a pipe; <c>${NAME}</c> in it is an environment variable.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="PolicyException">It cannot be read, or is not valid.</exception>
    public static SandboxPolicy ReadPolicy(ReadOnlySpan<byte> path, string name)
    {
        var kind = HostFiles.KindOf(path);
        PolicyFileFormat? format = kind is FileKind.Regular or FileKind.Directory or FileKind.Unknown ? PolicyFile.FormatOf(name) : null;
        var error = HostFiles.Read(path, out var content);
        if (!error.IsSuccess)
        {
            throw new PolicyException(error == Errno.ENOENT ? "there is no such file" : $"cannot be read: {error}", name);
        }

        // A pipe has no name that could tell. No TOML begins with a brace.
        var text = Encoding.UTF8.GetString(content);
        format ??= text.AsSpan().TrimStart("\ufeff \t\r\n").StartsWith("{") ? PolicyFileFormat.Json : PolicyFileFormat.Toml;
        return PolicyFile.Parse(text, name, format.Value, Variables());
    }

    /// <summary>The canonical form of a path, absolute or relative to the working directory; parts that do not exist stay as they are.</summary>
    /// <exception cref="UsageException">The working directory does not say where the path starts.</exception>
    public static byte[] Canonical(ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith("/"u8) && HostFiles.WorkingDirectory() is { IsSuccess: false } gone)
        {
            throw new UsageException($"{PathText.Escape(path)}: the working directory was removed ({gone}); go elsewhere, or give an absolute path");
        }

        var missing = new Stack<byte[]>();
        var at = path.ToArray();
        while (true)
        {
            try
            {
                return Joined(CanonicalPath.Resolve(at.Length == 0 ? "."u8 : at), missing);
            }
            catch (CanonicalPathException) when (at.AsSpan().ContainsAnyExcept((byte)'/'))
            {
                // A part in the middle is missing or not for us to see: what is above it can still be a link.
                var trimmed = at.AsSpan().TrimEnd((byte)'/');
                var slash = trimmed.LastIndexOf((byte)'/');
                missing.Push(trimmed[(slash + 1)..].ToArray());
                at = slash < 0 ? [] : slash == 0 ? [(byte)'/'] : trimmed[..slash].ToArray();
            }
            catch (CanonicalPathException e)
            {
                throw new UsageException($"{PathText.Escape(path)}: the working directory cannot be told ({e.Errno}); give an absolute path");
            }
        }
    }

    private static byte[] Joined(byte[] canonical, Stack<byte[]> missing)
    {
        var all = new List<byte>(canonical.AsSpan().TrimEnd((byte)'/').ToArray());
        foreach (var part in missing)
        {
            if (part.AsSpan().SequenceEqual(".."u8))
            {
                all.RemoveRange(Math.Max(0, all.LastIndexOf((byte)'/')), all.Count - Math.Max(0, all.LastIndexOf((byte)'/')));
            }
            else if (!part.AsSpan().SequenceEqual("."u8))
            {
                all.Add((byte)'/');
                all.AddRange(part);
            }
        }

        return all.Count == 0 ? [(byte)'/'] : [.. all];
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
