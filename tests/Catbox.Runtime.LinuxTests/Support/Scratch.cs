using System.Security.Cryptography;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Two directories side by side: one that a guest may write, and one that it may not. They go with the test.</summary>
public sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Root = Directory.CreateDirectory(Path.Combine(CanonicalTemp, "catbox-test-" + Guid.NewGuid().ToString("N")[..12])).FullName;
        Inside = Directory.CreateDirectory(Path.Combine(Root, "in")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(Root, "out")).FullName;
    }

    public string Root { get; }

    /// <summary>The directory that may be written.</summary>
    public string Inside { get; }

    /// <summary>A directory that may not.</summary>
    public string Outside { get; }

    /// <summary><see cref="Inside"/> may be written, nothing else.</summary>
    public SandboxPolicy Policy => new() { Writable = [Inside] };

    private static string CanonicalTemp { get; } =
        new DirectoryInfo(Path.GetTempPath()).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(Path.GetTempPath());

    public string In(string name) => Path.Combine(Inside, name);

    public string Out(string name) => Path.Combine(Outside, name);

    public static string MakeFile(string path, string content = "old")
    {
        File.WriteAllText(path, content);
        return path;
    }

    public static string MakeDirectory(string path) => Directory.CreateDirectory(path).FullName;

    /// <summary>Everything in a directory: names, kinds, modes, owners, link counts, years (a time that a call set is in 2001), targets, and what is in small files.</summary>
    public static string Snapshot(string directory)
    {
        var listing = Unconfined.Run("find", [directory, "-printf", "%P %y %m %U %G %n %TY %l\\n"]).Succeeded().OutputLines.Order(StringComparer.Ordinal);
        var contents = Unconfined.Run("find", [directory, "-type", "f", "-size", "-64k"]).Succeeded().OutputLines.Order(StringComparer.Ordinal)
            .Where(File.Exists)
            .Select(f => $"{f[directory.Length..]}: {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}");
        return string.Join('\n', [.. listing, .. contents]);
    }

    public void Dispose()
    {
        // As a guest may leave directories without write permission; rm as root does not care, as a user chmod helps.
        Unconfined.Run("chmod", ["-R", "u+rwX", Root]);
        Unconfined.Run("rm", ["-rf", Root]);
    }
}
