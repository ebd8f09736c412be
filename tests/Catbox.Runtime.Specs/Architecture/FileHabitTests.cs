using System.Text.RegularExpressions;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>A file is short enough to be read in one sitting and is named after the one type that it gives to others.</summary>
public sealed partial class FileHabitTests
{
    private const int HardEnd = 600;

    [Fact]
    public void No_source_file_is_longer_than_600_lines_tables_aside()
    {
        var tooLong = SourceTree.Files("src")
            .Where(file => !file.Contains("/Tables/", StringComparison.Ordinal))
            .Select(file => (File: file, Lines: SourceTree.Text(file).Count(character => character == '\n')))
            .Where(entry => entry.Lines > HardEnd)
            .Select(entry => $"{entry.File}: {entry.Lines}");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_file_has_one_public_type_at_most()
    {
        var crowded = SourceTree.Files("src")
            .Select(file => (File: file, Types: PublicTypes(SourceTree.Code(file))))
            .Where(entry => entry.Types.Count > 1)
            .Select(entry => $"{entry.File}: {string.Join(", ", entry.Types)}");
        Assert.Empty(crowded);
    }

    [Fact]
    public void A_file_is_named_after_its_public_type()
    {
        // SyscallTable.cs, SyscallTable.X64.cs and, for a generic type, Either.cs all hold what their first part says.
        var misnamed = SourceTree.Files("src")
            .Select(file => (File: file, Types: PublicTypes(SourceTree.Code(file))))
            .Where(entry => entry.Types.Count == 1 && Path.GetFileName(entry.File).Split('.')[0] != entry.Types[0])
            .Select(entry => $"{entry.File}: {entry.Types[0]}");
        Assert.Empty(misnamed);
    }

    [Fact]
    public void Namespaces_are_file_scoped()
    {
        Assert.DoesNotContain(SourceTree.Files("src"), file => BlockNamespace().IsMatch(SourceTree.Code(file)));
    }

    [Fact]
    public void Two_public_types_would_be_found()
    {
        Assert.Equal(["First", "Second"], PublicTypes("namespace N;\npublic sealed record First(int A);\ninternal class Hidden { }\npublic enum Second { }\n"));
    }

    // Nested types are indented: with file-scoped namespaces only a type of the file itself starts in the first column.
    private static IReadOnlyList<string> PublicTypes(string code) =>
        [.. PublicType().Matches(code).Select(match => match.Groups["name"].Value).Distinct()];

    [GeneratedRegex(@"^public\s+(?:(?:sealed|abstract|static|partial|readonly|ref|unsafe|new)\s+)*(?:class|struct|interface|enum|record\s+struct|record\s+class|record|delegate\s+[\w<>?,\s]+?)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace\s+[\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();
}
