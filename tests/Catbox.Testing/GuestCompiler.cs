using System.Collections.Concurrent;

namespace Catbox.Testing;

/// <summary>Compiles the C guests of the tests, each once a test run, into a directory that goes with the run.</summary>
public static class GuestCompiler
{
    private static readonly string[] s_flags = ["-std=gnu17", "-Wextra", "-Werror", "-pthread"];
    private static readonly Lazy<string> s_directory = new(MakeDirectory);
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new(StringComparer.Ordinal);

    /// <summary>The program of a source file; compiled at the first call, with every warning as an error.</summary>
    /// <param name="source">The path of a C file.</param>
    /// <returns>The path of the program, named as the file without <c>.c</c>.</returns>
    /// <exception cref="InvalidOperationException">There is no compiler, or the file does not compile; the message has its words.</exception>
    public static string Build(string source) => s_built.GetOrAdd(source, static s => new Lazy<string>(() => Compile(s))).Value;

    private static string Compile(string source)
    {
        var program = Path.Combine(s_directory.Value, Path.GetFileNameWithoutExtension(source));
        CCompiler.Build(source, program, s_flags);
        return program;
    }

    private static string MakeDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("catbox-guests-").FullName;
        // Tests as root run guests as an ordinary user too.
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        return directory;
    }
}
