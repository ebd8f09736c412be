namespace Catbox.Runtime.LinuxTests;

/// <summary>access(2): who asks whether something may be written is told what an open would be told.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class AccessTests(EngineFixture engine)
{
    [Fact]
    public async Task What_may_not_be_written_is_EACCES_and_no_violation()
    {
        using var scratch = new Scratch();
        Scratch.MakeFile(scratch.Out("file"));
        Scratch.MakeFile(scratch.In("file"));
        File.CreateSymbolicLink(scratch.In("link"), scratch.Out("file"));
        string[] paths = [scratch.Inside, scratch.In("file"), scratch.In("missing"), scratch.In("link"), scratch.Outside, scratch.Out("file"), scratch.Out("missing"), "/dev/null", "/"];
        var run = (await engine.RunGuestAsync("asks_access", scratch, [.. paths.Select(GuestString.FromString)])).Succeeded().HasNoViolations();
        int[] expected = [0, 0, 2, 13, 13, 13, 2, 0, 13];
        Assert.Equal(paths.Zip(expected, static (path, errno) => $"{path} {(errno == 2 ? 2 : 0)} {errno}"), run.OutputLines);
    }

    [Fact]
    public async Task Under_collect_only_the_kernel_answers()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("asks_access", scratch, GuestString.FromString(scratch.Outside)) with { Policy = EngineFixture.CollectOnly(scratch) })).Succeeded().HasNoViolations();
        Assert.Equal([$"{scratch.Outside} 0 0"], run.OutputLines);
    }

    [Fact]
    public async Task A_shell_that_tests_first_does_not_try()
    {
        using var scratch = new Scratch();
        var run = await engine.RunScriptAsync(scratch, $"test -w {scratch.Outside} && touch {scratch.Outside}/x; test -w . && test -r {scratch.Outside} && touch y && echo made");
        Assert.Equal("made\n", run.Succeeded().HasNoViolations().Output);
    }
}
