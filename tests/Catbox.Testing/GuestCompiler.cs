using System.Collections.Concurrent;
using System.Diagnostics;

namespace Catbox.Testing;

/// <summary>Compiles the C guests of the tests, each once a test run, into a directory that goes with the run.</summary>
public static class GuestCompiler
{
    /// <summary>What to say where there is no C compiler.</summary>
    public const string Missing = "no C compiler (cc): install gcc, for example with `apt-get install gcc libc6-dev`";

    private static readonly string[] s_flags = ["-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread"];
    private static readonly Lazy<string> s_directory = new(MakeDirectory);
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new(StringComparer.Ordinal);

    /// <summary>Whether there is a C compiler in the PATH.</summary>
    public static bool IsAvailable { get; } = FindInPath("cc") is not null;

    /// <summary>The program of a source file; compiled at the first call.</summary>
    /// <param name="source">The path of a C file.</param>
    /// <returns>The path of the program, named as the file without <c>.c</c>.</returns>
    /// <exception cref="InvalidOperationException">There is no compiler, or the file does not compile; the message has its words.</exception>
    public static string Build(string source) =>
        s_built.GetOrAdd(source, static s => new Lazy<string>(() => Compile(s))).Value;

    /// <summary>The first executable file of a name in the PATH, or null.</summary>
    public static string? FindInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static string Compile(string source)
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException(Missing);
        }

        var program = Path.Combine(s_directory.Value, Path.GetFileNameWithoutExtension(source));
        var start = new ProcessStartInfo("cc", [.. s_flags, "-o", program, source]) { RedirectStandardError = true };
        using var compiler = Process.Start(start) ?? throw new InvalidOperationException("cc did not start");
        var words = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"{source} does not compile:\n{words}");
    }

    private static string MakeDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("catbox-guests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        return directory;
    }
}
