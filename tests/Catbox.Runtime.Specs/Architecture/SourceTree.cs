using System.Text.RegularExpressions;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>The repository's source files, found from the test's own directory upwards. Comments and strings are blanked, so that a rule speaks of code.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>All C# files below a directory of the repository, as paths relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string directory)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, directory), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The file without the text of comments, strings and character literals; lines stay where they are.</summary>
    public static string Code(string file) => Strip(Text(file));

    public static string Strip(string text) =>
        CommentOrLiteral().Replace(text, match => new string('\n', match.Value.Count(character => character == '\n')));

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Catbox.Actors.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"no Catbox.Actors.sln above {AppContext.BaseDirectory}");
    }

    // In this order: raw strings, verbatim strings, plain strings, characters, block comments, line comments.
    [GeneratedRegex("""""
        ("{3,})[\s\S]*?\1|\$?@\$?"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]{0,8}|[^'\\\n])'|/\*[\s\S]*?\*/|//[^\n]*
        """"")]
    private static partial Regex CommentOrLiteral();
}
