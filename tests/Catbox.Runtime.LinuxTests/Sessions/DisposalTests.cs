using Akka.Actor;
using Catbox.Policy;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.LinuxTests.Sessions;

/// <summary>Disposing ends, also where the tracer hangs.</summary>
[Trait("Category", "Ptrace")]
public sealed class DisposalTests
{
    private static readonly SandboxRunnerOptions Impatient = new() { Patience = TimeSpan.FromMilliseconds(300) };

    [SkippableFact]
    public async Task A_sandbox_whose_tracer_hangs_is_disposed_of_and_has_a_result_that_says_so()
    {
        using var scratch = new Scratch();
        using var system = ActorSystem.Create("hangs");
        using var hang = new Hang();
        await using var runner = SandboxRunner.Create(system, Impatient);
        var sandbox = await StartAsync(runner, scratch);
        await hang.BeginAsync(system, runner);

        await sandbox.DisposeAsync().AsTask().WaitAsync(EngineFixture.Deadline);

        var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
        Assert.Equal(EndReason.Faulted, result.Reason);
        Assert.Contains($"pid {sandbox.Pid}", result.Fault, StringComparison.Ordinal);
        hang.End();
        await Eventually.IsTrueAsync(() => !Processes.IsAlive(sandbox.Pid), "the guest is killed when the tracer goes on");
    }

    [SkippableFact]
    public async Task A_runner_whose_tracer_hangs_is_disposed_of_and_its_sessions_have_results()
    {
        using var scratch = new Scratch();
        using var system = ActorSystem.Create("hangs");
        using var hang = new Hang();
        var runner = SandboxRunner.Create(system, Impatient);
        var sandbox = await StartAsync(runner, scratch);
        await hang.BeginAsync(system, runner);

        await runner.DisposeAsync().AsTask().WaitAsync(EngineFixture.Deadline);

        Assert.Equal(EndReason.Faulted, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Reason);
        hang.End();
        await Eventually.IsTrueAsync(() => !Processes.IsAlive(sandbox.Pid), "the guest is killed when the tracer goes on");
    }

    [SkippableFact]
    public async Task A_start_whose_tracer_hangs_can_be_cancelled()
    {
        using var scratch = new Scratch();
        using var system = ActorSystem.Create("hangs");
        using var hang = new Hang();
        using var cancel = new CancellationTokenSource();
        await using var runner = SandboxRunner.Create(system, Impatient);
        await hang.BeginAsync(system, runner);
        var starting = StartAsync(runner, scratch, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(EngineFixture.Deadline));
        hang.End();
    }

    [Fact]
    public async Task A_loop_that_is_woken_after_its_end_sends_the_hosts_own_group_no_signal()
    {
        var loop = new TracerLoop("ended");
        await loop.StartAsync();
        await loop.DisposeAsync();

        loop.Wake(); // A doorbell that is gone has no number, and for kill(2) that is the caller's group: this process would not see the next line.

        Assert.Equal(Errno.ESRCH, Signals.Kill(0, Signals.SIGUSR1));
    }

    private static Task<Sandbox> StartAsync(SandboxRunner runner, Scratch scratch, CancellationToken cancellationToken = default) =>
        runner.StartAsync(EngineFixture.Command(scratch, "cat") with { StandardInput = GuestStream.Piped }, null, cancellationToken);

    /// <summary>Holds a runner's first tracer thread, until its end.</summary>
    private sealed class Hang : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public async Task BeginAsync(ActorSystem system, SandboxRunner runner)
        {
            var dispatcher = $"{(await runner.SandboxesAsync()).Path.Name}.loop-0";
            system.ActorOf(Props.Create<Hanging>().WithDispatcher(dispatcher)).Tell(this);
            await _begun.Task.WaitAsync(EngineFixture.Deadline);
        }

        public void End() => _end.Set();

        public void Dispose()
        {
            _end.Set();
            _end.Dispose();
        }

        private void Wait()
        {
            _begun.SetResult();
            _end.Wait(2 * EngineFixture.Deadline);
        }

        private sealed class Hanging : UntypedActor
        {
            protected override void OnReceive(object message)
            {
                ((Hang)message).Wait();
                Context.Stop(Self);
            }
        }
    }
}
