namespace Catbox.Runtime.LinuxTests;

/// <summary>Advice of a real run, pasted into a shell for the next one.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class HintTests
{
    [Fact]
    public void Odd_names_are_allowed_by_the_advice_that_they_get()
    {
        using var scratch = new Scratch();
        var guest = Guests.Build("odd_places");
        Unconfined.Run(guest, ["make", scratch.Outside]).Succeeded();
        var count = Directory.GetDirectories(scratch.Outside).Length;
        var first = Unconfined.Run("dotnet", [CatboxProgram.Path, "run", "-p", scratch.Inside, "--", guest, "write", scratch.Outside]);
        Assert.Equal($"0 of {count}\n", first.Succeeded().Output);
        var options = Options(first.Error);
        Assert.Equal(count, options.Length);

        // All but one: what was advised for the others must not open that.
        var second = Unconfined.Run("/bin/sh", ["-c", $"exec dotnet {CatboxProgram.Path} run {string.Join(' ', options[1..])} -- {guest} write {scratch.Outside}"]);
        Assert.Equal($"{count - 1} of {count}\n", second.Succeeded().Output);
        Assert.Equal(options[0], Assert.Single(Options(second.Error)));
    }

    private static string[] Options(string lines) =>
        [.. lines.Split('\n').Where(static l => l.Contains("; allow with ", StringComparison.Ordinal)).Select(static l => l[(l.IndexOf("; allow with ", StringComparison.Ordinal) + 13)..])];
}
