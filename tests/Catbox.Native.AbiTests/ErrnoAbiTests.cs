using System.Reflection;
using Catbox.Policy;
using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The errors' names against <c>errno.h</c>.</summary>
public sealed class ErrnoAbiTests
{
    /// <summary>The C library's own name: the kernel has EOPNOTSUPP only.</summary>
    private const string OfTheCLibrary = "ENOTSUP";

    [SkippableFact]
    public void Every_error_of_the_header_has_its_name_and_number()
    {
        var ours = Ours();

        var wrong = Header()
            .Where(error => error.Key != OfTheCLibrary && (!ours.TryGetValue(error.Key, out var value) || value != error.Value))
            .Select(error => $"{error.Key} ({error.Value})");

        Assert.Equal([], wrong);
    }

    [SkippableFact]
    public void Every_error_of_ours_that_a_program_can_see_is_in_the_header()
    {
        var header = Header();

        var unknown = Ours()
            .Where(error => error.Value < Errno.ERESTARTSYS.Value && !header.ContainsKey(error.Key))
            .Select(error => $"{error.Key} ({error.Value})");

        Assert.Equal([], unknown);
    }

    [SkippableFact]
    public void A_number_is_told_by_a_name_that_the_header_gives_it() =>
        Assert.All(Header().GroupBy(error => error.Value, error => error.Key), names =>
            Assert.Contains(new Errno((int)names.Key).ToString(), names));

    private static Dictionary<string, int> Ours() =>
        typeof(Errno).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.Name.StartsWith('E'))
            .ToDictionary(property => property.Name, property => ((Errno)property.GetValue(null)!).Value);

    private static IReadOnlyDictionary<string, long> Header()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var errors = CCompiler.Constants("errno.h", "E");
        Assert.True(errors.Count > 130, $"errno.h has {errors.Count} errors only");
        return errors;
    }
}
