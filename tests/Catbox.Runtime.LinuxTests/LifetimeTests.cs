using System.Diagnostics;
using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>How a session ends, and that nobody outlives it.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class LifetimeTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_daemon_is_killed_when_the_first_process_ends()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("daemon_pauses", scratch) with { Daemons = DaemonPolicy.Kill })).ExitedWith(3);
        var daemon = int.Parse(run.Output.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.False(Processes.IsAlive(daemon));
        Assert.Equal(9, run.Result.Processes.Single(p => p.Pid == daemon).Status!.Value.Signal);
    }

    [SkippableFact]
    public async Task A_session_that_waits_lasts_until_its_daemon_has_ended()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("daemon_finishes", scratch, scratch.In("done"), scratch.Out("x")) with { Daemons = DaemonPolicy.Wait };
        var run = (await engine.RunAsync(spec)).ExitedWith(3).HasViolations(1, "openat", scratch.Out("x"));
        Assert.True(File.Exists(scratch.In("done")));
        Assert.Equal(3, run.Result.Processes.Length);
    }

    [SkippableTheory]
    [InlineData("TERM", 15)]
    [InlineData("KILL", 9)]
    [InlineData("SEGV", 11)]
    public async Task A_first_process_that_a_signal_ends_is_told_so(string name, int signal)
    {
        using var scratch = new Scratch();
        var run = await engine.RunScriptAsync(scratch, $"ulimit -c 0; kill -{name} $$");
        Assert.Equal(EndReason.Signaled, run.Result.Reason);
        Assert.Equal(signal, run.Result.Exit.Signal);
        Assert.Equal(128 + signal, run.Result.Exit.ShellCode);
    }

    [SkippableFact]
    public async Task A_session_that_takes_too_long_ends_and_nobody_survives()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("family_pauses", scratch) with { Timeout = TimeSpan.FromMilliseconds(700) };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        var pids = await FamilyAsync(sandbox);
        var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
        Assert.Equal(EndReason.TimedOut, result.Reason);
        Assert.DoesNotContain(pids, Processes.IsAlive);
    }

    [SkippableFact]
    public async Task A_killed_session_ends_and_nobody_survives()
    {
        using var scratch = new Scratch();
        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("family_pauses", scratch));
        var pids = await FamilyAsync(sandbox);
        await sandbox.KillAsync().WaitAsync(EngineFixture.Deadline);
        Assert.True(sandbox.Completion.IsCompleted);
        Assert.Equal(EndReason.Killed, (await sandbox.Completion).Reason);
        Assert.DoesNotContain(pids, Processes.IsAlive);
    }

    [SkippableFact]
    public async Task A_session_that_has_ended_may_be_killed_again()
    {
        using var scratch = new Scratch();
        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("does_nothing", scratch));
        var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
        await sandbox.KillAsync().WaitAsync(EngineFixture.Deadline);
        Assert.Equal(EndReason.Exited, result.Reason);
    }

    [SkippableFact]
    public async Task Disposing_a_sandbox_kills_what_still_runs()
    {
        using var scratch = new Scratch();
        var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("family_pauses", scratch));
        var pids = await FamilyAsync(sandbox);
        await sandbox.DisposeAsync().AsTask().WaitAsync(EngineFixture.Deadline);
        Assert.DoesNotContain(pids, Processes.IsAlive);
    }

    [SkippableFact]
    public async Task Cancellation_after_the_start_kills_the_session()
    {
        using var scratch = new Scratch();
        using var cancel = new CancellationTokenSource();
        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("family_pauses", scratch), null, cancel.Token);
        var pids = await FamilyAsync(sandbox);
        await cancel.CancelAsync();
        Assert.Equal(EndReason.Killed, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Reason);
        Assert.DoesNotContain(pids, Processes.IsAlive);
    }

    [SkippableFact]
    public async Task Cancellation_before_the_start_starts_nothing()
    {
        using var scratch = new Scratch();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var spec = EngineFixture.Guest("filecalls", scratch, "mkdir", scratch.In("made"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Runner.StartAsync(spec, null, cancel.Token));
        Assert.False(Directory.Exists(scratch.In("made")));
    }

    [SkippableFact]
    public async Task Killing_the_host_leaves_no_guest_alive()
    {
        using var scratch = new Scratch();
        var start = new ProcessStartInfo("dotnet", [CatboxProgram.Path, "run", "-p", scratch.Inside, "--", Guests.Build("family_pauses")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = scratch.Inside,
        };
        using var host = Process.Start(start)!;
        var pids = new List<int>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                pids.Add(await Lines.ReadNumberAsync(host.StandardOutput.BaseStream));
            }

            Assert.All(pids, pid => Assert.True(Processes.IsAlive(pid)));
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync().WaitAsync(EngineFixture.Deadline);
        }

        // The kernel kills them (PTRACE_O_EXITKILL) when the tracer is gone, and tells nobody when it is done.
        await Eventually.IsTrueAsync(() => !pids.Exists(Processes.IsAlive), "every guest is gone");
    }

    private static async Task<List<int>> FamilyAsync(Sandbox sandbox)
    {
        var pids = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            pids.Add(await Lines.ReadNumberAsync(sandbox.StandardOutput));
        }

        Assert.All(pids, pid => Assert.True(Processes.IsAlive(pid)));
        return pids;
    }
}
