using Akka.Actor;

namespace Catbox.Runtime.LinuxTests;

/// <summary>A stop that reaches no actor is a guest that stands still for ever: it ends the session instead.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class DeadLetterTests
{
    [SkippableFact]
    public async Task A_process_whose_actor_somebody_else_has_stopped_is_killed_at_its_next_stop()
    {
        using var scratch = new Scratch();
        using var system = ActorSystem.Create("host", "akka.log-dead-letters = off, akka.loglevel = OFF");
        await using (var runner = SandboxRunner.Create(system))
        {
            var spec = EngineFixture.Guest("repeats", scratch, "open", scratch.Out("refused")) with { StandardInput = GuestStream.Piped };
            await using var sandbox = await runner.StartAsync(spec);
            var actor = await system.ActorSelection($"/user/*/{sandbox.Id}/{sandbox.Pid}-1").ResolveOne(EngineFixture.Deadline);
            await actor.GracefulStop(EngineFixture.Deadline);
            await sandbox.StandardInput.WriteAsync(new byte[1]);
            var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
            Assert.Equal((EndReason.Faulted, 9), (result.Reason, result.Exit.Signal));
            Assert.Contains($"{sandbox.Pid}-1", result.Fault, StringComparison.Ordinal);
        }

        await system.Terminate();
    }

    [SkippableFact]
    public async Task Dead_letters_of_processes_that_have_ended_are_no_fault()
    {
        using var scratch = new Scratch();
        using var system = ActorSystem.Create("host", "akka.log-dead-letters = off, akka.loglevel = OFF");
        await using (var runner = SandboxRunner.Create(system))
        {
            await using var sandbox = await runner.StartAsync(EngineFixture.Guest("exit_with_busy_threads", scratch));
            Assert.Equal(EndReason.Exited, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Reason);
        }

        await system.Terminate();
    }
}
