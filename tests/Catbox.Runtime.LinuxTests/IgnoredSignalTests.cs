using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Signals that nobody handles: the kernel wakes only a traced task for them, and no call may tell.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class IgnoredSignalTests(EngineFixture engine)
{
    [SkippableFact]
    public Task A_signal_that_nobody_handles_ends_no_call() => IsAsOutsideAsync("ignored_signals");

    [SkippableFact]
    public Task A_call_with_a_time_limit_ends_in_its_time_however_many_such_signals_come() => IsAsOutsideAsync("limits_under_ignored_signals");

    [SkippableFact]
    public Task A_write_goes_on_also_where_the_end_of_children_interrupts_it_many_times() => IsAsOutsideAsync("writes_among_children");

    private async Task IsAsOutsideAsync(string guest)
    {
        using var scratch = new Scratch();
        var outside = Unconfined.RunGuest(guest, scratch.Inside).Succeeded().Output;
        var spec = EngineFixture.Guest(guest, scratch) with { Policy = scratch.Policy with { Network = NetworkMode.On } };
        var inside = (await engine.RunAsync(spec)).Succeeded().HasNoViolations().Output;
        Assert.Equal(outside.Split('\n'), inside.Split('\n'));
    }
}
