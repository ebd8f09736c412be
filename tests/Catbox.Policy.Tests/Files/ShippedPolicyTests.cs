using System.Text.Json;
using Catbox.Policy.Files;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Files;

/// <summary>The schema and the examples in <c>docs</c> say what the code does.</summary>
public sealed class ShippedPolicyTests
{
    public static TheoryData<string> Examples => [.. Directory.GetFiles(Path.Combine(Docs(), "examples")).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_valid_policy(string name)
    {
        var text = File.ReadAllText(Path.Combine(Docs(), "examples", name));
        var policy = PolicyFile.Parse(text, name, PolicyFile.FormatOf(name), new Dictionary<string, string> { ["HOME"] = "/home/me" });
        Assert.NotEmpty(policy.Writable);
        Assert.NotNull(CompiledPolicy.Compile(policy, new PolicyContext()));
    }

    [Fact]
    public void The_schema_has_the_keys_that_are_read()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs(), "policy.schema.json")));
        Assert.Equal(Sorted([.. PolicyBinder.PolicyKeys, "$schema", "network-rule"]), Keys(schema.RootElement.GetProperty("properties")));
        Assert.Equal(Sorted(PolicyBinder.RuleKeys), Keys(schema.RootElement.GetProperty("$defs").GetProperty("network-rule").GetProperty("properties")));
    }

    private static List<string> Keys(JsonElement element) => Sorted(element.EnumerateObject().Select(property => property.Name));

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static string Docs()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Catbox.Actors.sln")))
            {
                return Path.Combine(directory.FullName, "docs");
            }
        }

        throw new DirectoryNotFoundException("no Catbox.Actors.sln above " + AppContext.BaseDirectory);
    }
}
