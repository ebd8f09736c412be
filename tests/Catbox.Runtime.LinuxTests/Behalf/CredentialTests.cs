namespace Catbox.Runtime.LinuxTests.Behalf;

/// <summary>Calls that the tracer makes in a guest's place go by the guest's credentials: results and what is left are those of a run without a sandbox.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class CredentialTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("oneself")]
    [InlineData("nobody")]
    [InlineData("member")]
    [InlineData("fsuid")]
    [InlineData("uncapable")]
    [InlineData("some")]
    [InlineData("thread")]
    [InlineData("child")]
    [InlineData("umask0")]
    [InlineData("umask077")]
    public async Task Every_change_goes_as_outside_for_a_guest_that_became_somebody_else(string who)
    {
        Skip.If(Environment.UserName != "root" && who is not ("oneself" or "umask0" or "umask077"), "only root can become somebody else");
        using var outside = new Scratch();
        var expected = Unconfined.RunGuest("changes_as", outside.Inside, who).Succeeded().OutputLines;
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("changes_as", scratch, who)).Succeeded().HasNoViolations();
        Assert.Equal(expected, run.OutputLines);
        Assert.Equal(Scratch.Snapshot(outside.Inside), Scratch.Snapshot(scratch.Inside));
    }
}
