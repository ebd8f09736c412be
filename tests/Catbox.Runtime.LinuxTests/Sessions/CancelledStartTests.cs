using System.Threading.Channels;

namespace Catbox.Runtime.LinuxTests.Sessions;

/// <summary>A start that is cancelled gives no sandbox: it throws, and leaves nothing behind.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class CancelledStartTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_start_that_is_cancelled_while_its_guest_is_held_throws_and_the_guest_never_runs()
    {
        using var scratch = new Scratch();
        using var cancel = new CancellationTokenSource();
        var held = 0;
        var hooks = new SandboxHooks
        {
            ChildInitialized = async (pid, token) =>
            {
                held = pid;
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
            },
        };
        var spec = EngineFixture.Guest("filecalls", scratch, "mkdir", scratch.In("made"));

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.Runner.StartAsync(spec, hooks, cancel.Token).WaitAsync(EngineFixture.Deadline));

        Assert.Equal(cancel.Token, error.CancellationToken);
        await Eventually.IsTrueAsync(() => !Processes.IsAlive(held), "the guest that was held is gone");
        Assert.False(Directory.Exists(scratch.In("made")));
    }

    [SkippableFact]
    public async Task A_start_that_is_cancelled_at_any_moment_throws_or_gives_a_sandbox_that_runs()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "cat") with { StandardInput = GuestStream.Piped };
        var before = Processes.OwnChildren();
        var cancelled = 0;
        for (var i = 0; i < 60; i++)
        {
            using var cancel = new CancellationTokenSource();
            var starting = Task.Run(() => engine.Runner.StartAsync(spec, null, cancel.Token));
            Thread.SpinWait(i * 2000);
            await cancel.CancelAsync();
            try
            {
                await using var sandbox = await starting.WaitAsync(EngineFixture.Deadline);
                Assert.NotEqual(0, sandbox.Pid);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        Assert.NotEqual(0, cancelled);
        await Eventually.IsTrueAsync(() => Processes.OwnChildren().IsSubsetOf(before), "no guest is left");
    }

    [SkippableFact]
    public async Task The_reader_of_a_start_that_fails_or_is_cancelled_comes_to_its_end()
    {
        using var scratch = new Scratch();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var missing = Channel.CreateUnbounded<SandboxEvent>();
        var cancelled = Channel.CreateUnbounded<SandboxEvent>();

        await Assert.ThrowsAsync<SandboxLaunchException>(
            () => engine.Runner.StartAsync(EngineFixture.Command(scratch, "/no/such/program"), new SandboxHooks { Events = missing.Writer }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.Runner.StartAsync(EngineFixture.Command(scratch, "true"), new SandboxHooks { Events = cancelled.Writer }, cancel.Token));

        Assert.True(missing.Reader.Completion.IsCompleted);
        Assert.True(cancelled.Reader.Completion.IsCompleted);
    }
}
