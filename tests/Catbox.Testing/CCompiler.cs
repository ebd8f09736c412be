using System.Diagnostics;

namespace Catbox.Testing;

/// <summary>
/// The machine's C compiler, for tests that compare what we declare with what the headers say, and for guests written in C.
/// It is <c>$CC</c> where that names a program, otherwise the first of cc, gcc and clang in <c>PATH</c>.
/// </summary>
public static class CCompiler
{
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>Why a test that needs the compiler is skipped.</summary>
    public const string Missing = "there is no C compiler (cc, gcc or clang in PATH; on Debian: apt-get install gcc libc6-dev)";

    /// <summary>Whether there is one.</summary>
    /// <param name="path">Its absolute path, or empty.</param>
    public static bool TryFind(out string path)
    {
        path = Found.Value ?? "";
        return Found.Value is not null;
    }

    /// <summary>Compiles one C file to a program, as GNU C 11 with <c>_GNU_SOURCE</c> (defined empty, so that a source may define it too).</summary>
    /// <param name="sourcePath">The file.</param>
    /// <param name="outPath">The program; its directory must exist.</param>
    /// <param name="flags">What is put after the defaults: <c>-pthread</c>, <c>-static</c>, <c>-nostdlib</c>.</param>
    /// <exception cref="InvalidOperationException">There is no compiler, or it refused the file: the message has what it printed.</exception>
    public static void Build(string sourcePath, string outPath, params string[] flags) =>
        Run(Require(), ["-std=gnu11", "-O1", "-Wall", "-D_GNU_SOURCE=", "-o", outPath, sourcePath, .. flags]);

    /// <summary>Compiles a program from its text, runs it without arguments and gives what it printed on stdout.</summary>
    /// <exception cref="InvalidOperationException">It could not be compiled, or did not exit with 0.</exception>
    public static string BuildAndRun(string source)
    {
        var directory = Directory.CreateTempSubdirectory("catbox-cc-");
        try
        {
            var file = Path.Combine(directory.FullName, "main.c");
            var program = Path.Combine(directory.FullName, "main");
            File.WriteAllText(file, source);
            Build(file, program);
            return Run(program, []);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Every object-like macro of a header whose name begins with a prefix, with the integer that it stands for.
    /// The names come from the preprocessor and the values from a compiled program, so that one macro may stand for another.
    /// </summary>
    /// <param name="header">As after <c>#include</c>, without brackets: <c>sys/syscall.h</c>.</param>
    /// <param name="prefix">What the names begin with; what follows must be a C identifier's rest.</param>
    /// <exception cref="InvalidOperationException">The header is missing, or one of the macros is no integer.</exception>
    public static IReadOnlyDictionary<string, long> Constants(string header, string prefix)
    {
        var include = $"#include <{header}>\n";
        var names = Preprocess(include)
            .Split('\n')
            .Where(line => line.StartsWith("#define " + prefix, StringComparison.Ordinal))
            .Select(line => line.Split(' ', 3))
            .Where(words => words.Length == 3 && words[2].Length > 0 && !words[1].Contains('(', StringComparison.Ordinal))
            .Select(words => words[1])
            .ToList();
        var prints = string.Concat(names.Select(name => $"    printf(\"%s %lld\\n\", \"{name}\", (long long)({name}));\n"));
        return BuildAndRun($"#include <stdio.h>\n{include}int main(void)\n{{\n{prints}    return 0;\n}}\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Preprocess(string source)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, source);
            return Run(Require(), ["-D_GNU_SOURCE=", "-dM", "-E", "-x", "c", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Require() => TryFind(out var path) ? path : throw new InvalidOperationException(Missing);

    private static string? Find()
    {
        string[] wanted = [Environment.GetEnvironmentVariable("CC") ?? "cc", "cc", "gcc", "clang"];
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return wanted
            .Where(name => name.Length > 0)
            // Path.Combine gives an absolute $CC back as it stands.
            .SelectMany(name => directories.Select(directory => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
    }

    private static string Run(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");

        // Both pipes are drained at once: a program that fills the one that nobody reads would wait for ever.
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{errors.GetAwaiter().GetResult()}");
    }
}
