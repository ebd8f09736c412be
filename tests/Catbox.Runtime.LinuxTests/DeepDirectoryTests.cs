using Catbox.Policy.Landlock;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Directories that are deeper than a path can say.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class DeepDirectoryTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData(LandlockMode.Auto)]
    [InlineData(LandlockMode.Off)]
    public async Task Calls_in_a_directory_deeper_than_PATH_MAX_answer_as_outside(LandlockMode landlock)
    {
        using var outside = new Scratch();
        using var inside = new Scratch();
        var expected = Unconfined.RunGuest("works_deep", outside.Inside, outside.Inside).Succeeded().Output;
        var spec = EngineFixture.Guest("works_deep", inside, inside.Inside);
        var run = await engine.RunAsync(spec with { Landlock = landlock });
        Assert.Contains("above ok", expected, StringComparison.Ordinal);
        Assert.Equal(expected, run.Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task What_is_denied_there_is_refused_and_reported_by_its_whole_path()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("works_deep", scratch, scratch.Inside);
        var run = await engine.RunAsync(spec with { Policy = spec.Policy with { DenyWrite = [scratch.In("**/e")] } });
        Assert.Contains("rename EACCES", run.Output, StringComparison.Ordinal);
        var path = run.Result.Violations[0].ResolvedText;
        Assert.Equal(scratch.Inside + string.Concat(Enumerable.Repeat("/" + new string('n', 200), 30)) + "/e", path);
    }

    [SkippableFact]
    public async Task An_open_that_climbs_there_is_made_where_it_was_judged()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("climbs_while_moved", scratch, scratch.Inside, "2000");
        var run = await engine.RunAsync(spec with { Landlock = LandlockMode.Off, Policy = spec.Policy with { DenyWrite = [scratch.In("**/shut/file")] } });
        var answer = run.Succeeded().Output.Split(' ', 3);
        Assert.Equal("not won\n", answer[2]);
        Assert.All(answer[..2], static count => Assert.NotEqual("0", count));
    }
}
