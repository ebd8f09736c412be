using System.Diagnostics;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Many sessions at once, and a host that does other things beside.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class ConcurrencyTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task Twenty_sessions_at_once_see_only_their_own_violations()
    {
        using var scratch = new Scratch();
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => engine.RunGuestAsync("writes", scratch, scratch.Out($"f{i}"), $"{i + 1}")));
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i].Succeeded().HasViolations(i + 1, "openat", scratch.Out($"f{i}"));
        }

        Assert.Equal(20, runs.Select(r => r.Result.Processes[0].Pid).Distinct().Count());
    }

    [SkippableFact]
    public async Task Sessions_have_numbers_of_their_own()
    {
        using var scratch = new Scratch();
        await using var one = await engine.Runner.StartAsync(EngineFixture.Guest("does_nothing", scratch));
        await using var two = await engine.Runner.StartAsync(EngineFixture.Guest("does_nothing", scratch));
        Assert.NotEqual(one.Id, two.Id);
    }

    [SkippableFact]
    public async Task Killing_one_session_leaves_the_others()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("waits_for_input", scratch) with { StandardInput = GuestStream.Piped };
        await using var kept = await engine.Runner.StartAsync(spec);
        await using var killed = await engine.Runner.StartAsync(EngineFixture.Guest("family_pauses", scratch));
        await Lines.ReadAsync(kept.StandardOutput);
        await killed.KillAsync().WaitAsync(EngineFixture.Deadline);
        await kept.StandardInput.DisposeAsync();
        (await EngineFixture.FinishAsync(kept, spec)).Succeeded();
    }

    [SkippableFact]
    public async Task A_host_that_starts_processes_of_its_own_keeps_their_exit_codes()
    {
        using var scratch = new Scratch();
        var confined = engine.RunGuestAsync("fork_storm", scratch, "500");
        for (var i = 0; i < 60; i++)
        {
            using var process = Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await process.WaitForExitAsync().WaitAsync(EngineFixture.Deadline);
            Assert.Equal(i, process.ExitCode);
        }

        (await confined).Succeeded();
    }

    [SkippableFact]
    public async Task Runners_live_beside_each_other()
    {
        using var scratch = new Scratch();
        _ = engine.Runner;
        await using var other = Engine.Create();
        var spec = EngineFixture.Guest("writes", scratch, scratch.Out("x"), "100");
        await using var theirs = await other.StartAsync(spec);
        var ours = engine.RunGuestAsync("writes", scratch, scratch.Out("y"), "100");
        (await EngineFixture.FinishAsync(theirs, spec)).Succeeded().HasViolations(100, "openat", scratch.Out("x"));
        (await ours).Succeeded().HasViolations(100, "openat", scratch.Out("y"));
    }

    [SkippableFact]
    public async Task Disposing_a_runner_kills_its_sessions()
    {
        using var scratch = new Scratch();
        _ = engine.Runner;
        var other = Engine.Create();
        var sandbox = await other.StartAsync(EngineFixture.Guest("family_pauses", scratch));
        var pid = await Lines.ReadNumberAsync(sandbox.StandardOutput);
        await other.DisposeAsync().AsTask().WaitAsync(EngineFixture.Deadline);
        Assert.True(sandbox.Completion.IsCompleted);
        Assert.False(Processes.IsAlive(pid));
    }
}
