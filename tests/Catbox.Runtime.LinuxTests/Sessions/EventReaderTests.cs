using System.Threading.Channels;

namespace Catbox.Runtime.LinuxTests.Sessions;

/// <summary>A reader that is there at the start misses nothing.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class EventReaderTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_reader_that_is_given_at_the_start_sees_the_first_event_and_the_last()
    {
        using var scratch = new Scratch();
        var channel = Channel.CreateUnbounded<SandboxEvent>();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", $"echo x > {scratch.Out("x")}; /bin/true; exit 3");

        var run = (await engine.RunAsync(spec, new SandboxHooks { Events = channel.Writer })).ExitedWith(3).HasViolations(1);

        var events = await channel.Reader.ReadAllAsync().ToListAsync().AsTask().WaitAsync(EngineFixture.Deadline);
        var root = run.Result.Processes[0];
        Assert.Equal(new ProcessStarted(root.Pid, root.Generation, root.Started, 0), events[0]);
        Assert.True(events[1] is ProcessExecuted executed && executed.Pid == root.Pid, $"{events[1]}");
        Assert.Equal(root.Pid, Assert.IsType<ProcessExited>(events[^1]).Pid);
        Assert.Equal(run.Result.Violations, events.OfType<Violation>());
        Assert.Equal(run.Result.Processes.Length, events.OfType<ProcessStarted>().Count());
        Assert.Equal(run.Result.Processes.Length, events.OfType<ProcessExited>().Count());
    }

    [SkippableFact]
    public async Task A_reader_that_is_full_holds_nobody()
    {
        using var scratch = new Scratch();
        var channel = Channel.CreateBounded<SandboxEvent>(1);
        var hooks = new SandboxHooks { Events = channel.Writer };

        (await engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.Out("y"), "10"), hooks)).Succeeded().HasViolations(10);

        Assert.IsType<ProcessStarted>(Assert.Single(await channel.Reader.ReadAllAsync().ToListAsync()));
    }
}
