using System.Diagnostics;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Signals to a whole group, and to everybody.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class KillGroupTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_group_is_signalled_whole_and_nobody_outside_is()
    {
        using var scratch = new Scratch();
        // Somebody of the same user, in a group of his own, whom any SIGURG ends.
        using var outsider = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", "trap 'exit 9' URG USR1; echo ready; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await outsider.StandardOutput.ReadLineAsync());
        (await engine.RunGuestAsync("kill_group", scratch)).Succeeded().HasNoViolations();
        outsider.StandardInput.Close();
        await outsider.WaitForExitAsync().WaitAsync(EngineFixture.Deadline);
        Assert.NotEqual(9, outsider.ExitCode);
    }
}
