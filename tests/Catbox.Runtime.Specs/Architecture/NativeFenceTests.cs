using System.Text.RegularExpressions;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>Pointers and P/Invoke live in one place, so that one place has to be read for memory safety.</summary>
public sealed partial class NativeFenceTests
{
    private const string Fence = "src/Catbox.Runtime/Native/";

    [Fact]
    public void Nothing_outside_the_native_folder_imports_a_library()
    {
        Assert.Empty(Offenders(Import()));
    }

    [Fact]
    public void Nothing_outside_the_native_folder_is_unsafe()
    {
        Assert.Empty(Offenders(Unsafe()));
    }

    [Fact]
    public void Only_the_runtime_may_compile_unsafe_code()
    {
        var allowed = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<AllowUnsafeBlocks>true", StringComparison.OrdinalIgnoreCase))
            .Select(Path.GetFileName);
        Assert.Equal(["Catbox.Runtime.csproj"], allowed);
    }

    [Fact]
    public void Every_import_keeps_errno_unless_its_function_does_not_tell_by_errno()
    {
        var careless = SourceTree.Files("src").SelectMany(file =>
            ImportedFunction().Matches(SourceTree.Code(file))
                .Where(match => !match.Groups["attribute"].Value.Contains("SetLastError = true", StringComparison.Ordinal))
                .Where(match => !TellsOtherwise().IsMatch(match.Groups["function"].Value))
                .Select(match => $"{file}: {match.Groups["function"].Value}"));
        Assert.Empty(careless);
    }

    [Theory]
    [InlineData("[LibraryImport(\"libc\")] static partial int getpid();")]
    [InlineData("[DllImport(\"libc\")] static extern int getpid();")]
    public void An_import_would_be_found(string code)
    {
        Assert.Matches(Import(), SourceTree.Strip(code));
    }

    [Theory]
    [InlineData("public unsafe void M() { }", true)]
    [InlineData("// unsafe in a comment", false)]
    [InlineData("var text = \"unsafe in a string\";", false)]
    public void Unsafe_is_found_in_code_only(string code, bool found)
    {
        Assert.Equal(found, Unsafe().IsMatch(SourceTree.Strip(code)));
    }

    private static IEnumerable<string> Offenders(Regex rule) =>
        SourceTree.Files("src").Where(file => !file.StartsWith(Fence, StringComparison.Ordinal) && rule.IsMatch(SourceTree.Code(file)));

    [GeneratedRegex(@"\b(LibraryImport|DllImport)\b|\bNativeLibrary\s*\.")]
    private static partial Regex Import();

    [GeneratedRegex(@"\[\s*(?<attribute>(?:LibraryImport|DllImport)[^\]]*)\][^;(]*\b(?<function>\w+)\s*\(")]
    private static partial Regex ImportedFunction();

    // posix_*() and pthread_*() return the error; the others cannot fail with the arguments that they get.
    [GeneratedRegex("^(posix_spawn.*|pthread_sigmask|get(pid|ppid|uid|euid|gid|egid|pgrp)|sched_getcpu|sig(empty|fill)set|sig(add|del)set|sigismember)$")]
    private static partial Regex TellsOtherwise();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();
}
