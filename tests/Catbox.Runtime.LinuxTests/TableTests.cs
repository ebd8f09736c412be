using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>
/// Threads whose descriptor table or working directory is their own: numbers and relative names are the calling thread's, <c>/proc/self</c> is the leader's. Each guest finds the same
/// objects outside (<see cref="GuestTests"/>), and nothing outside is written inside.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class TableTests(EngineFixture engine)
{
    private static readonly ImmutableArray<string> s_ways = ["clone", "unshare", "close_range", "leader"];

    public static TheoryData<string, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, bool>();
            foreach (var how in s_ways)
            {
                ways.Add(how, true);
                ways.Add(how, false);
            }

            return ways;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_descriptor_is_that_of_whose_directory_it_is_named_in_or_the_calling_threads(string how, bool landlock)
    {
        using var scratch = new Scratch();
        var outside = Scratch.MakeFile(scratch.Out("file"));
        Unconfined.RunGuest("thread_has_own_table", scratch.Outside, how, outside).Succeeded();
        Scratch.MakeFile(outside);
        var run = (await RunAsync(EngineFixture.Guest("thread_has_own_table", scratch, how, outside), landlock)).Succeeded();
        Assert.All(run.Result.Violations, v => Assert.Equal(outside, v.ResolvedText));
        Assert.Equal("old", File.ReadAllText(outside));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Memory_that_a_thread_has_open_for_reading_is_not_opened_for_writing_by_its_leaders_number(string how, bool landlock)
    {
        using var scratch = new Scratch();
        var run = (await RunAsync(EngineFixture.Guest("thread_has_own_table", scratch, how, "/proc/self/mem"), landlock)).Succeeded();
        Assert.All(run.Result.Violations, v => Assert.EndsWith("/mem", v.ResolvedText, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task What_a_thread_had_open_is_the_processs_when_it_has_executed_a_program(string how, bool landlock)
    {
        using var scratch = new Scratch();
        var outside = Scratch.MakeFile(scratch.Out("file"));
        Unconfined.RunGuest("own_table_executes", scratch.Outside, how, outside).Succeeded();
        Scratch.MakeFile(outside);
        var run = await RunAsync(EngineFixture.Guest("own_table_executes", scratch, how, outside), landlock);
        run.Succeeded().HasViolations(4, "openat", outside);
        Assert.Equal("old", File.ReadAllText(outside));
    }

    [SkippableTheory]
    [InlineData("clone", true)]
    [InlineData("clone", false)]
    [InlineData("unshare", true)]
    [InlineData("unshare", false)]
    [InlineData("leader", true)]
    [InlineData("leader", false)]
    public async Task A_relative_name_starts_where_the_calling_thread_stands_and_proc_self_cwd_where_its_leader_does(string how, bool landlock)
    {
        using var scratch = new Scratch();
        Unconfined.RunGuest("thread_has_own_directory", Scratch.MakeDirectory(scratch.In("unconfined")), how, Scratch.MakeDirectory(scratch.In("elsewhere"))).Succeeded();
        var before = Scratch.Snapshot(scratch.Outside);
        var run = (await RunAsync(EngineFixture.Guest("thread_has_own_directory", scratch, how, scratch.Outside), landlock)).Succeeded();
        Assert.All(run.Result.Violations, v => Assert.StartsWith(scratch.Outside, v.ResolvedText, StringComparison.Ordinal));
        Assert.Equal(before, Scratch.Snapshot(scratch.Outside));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Listen_binds_what_the_calling_thread_has_under_the_number(string how, bool landlock)
    {
        using var scratch = new Scratch();
        var rule = new NetworkRule(true, new IPNetwork(IPAddress.Loopback, 32), 9, 9, NetworkDirection.Connect, null);
        var spec = EngineFixture.Guest("own_table_listens", scratch, how) with { Policy = scratch.Policy with { NetworkRules = [rule] } };
        var run = (await RunAsync(spec, landlock)).Succeeded().HasViolations(1);
        Assert.Equal($"{Errno.EACCES.Value}\n", run.Output);
        Assert.Equal(ViolationSubject.Bind, run.Result.Violations[0].Subject);
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_signal_by_a_pidfd_goes_to_whom_the_calling_thread_has_under_the_number(string how, bool landlock)
    {
        using var scratch = new Scratch();
        using var outsider = Unconfined.Start("sleep", ["600"]);
        try
        {
            var spec = EngineFixture.Guest("own_table_signals", scratch, how, outsider.Id.ToString(CultureInfo.InvariantCulture));
            var run = (await RunAsync(spec, landlock)).Succeeded().HasViolations(1);
            Assert.Equal($"{Errno.EPERM.Value}\n", run.Output);
            Assert.False(outsider.HasExited);
        }
        finally
        {
            outsider.Kill();
        }
    }

    [SkippableFact]
    public async Task A_long_path_of_a_socket_is_walked_through_a_link_of_the_threads_own_and_not_through_its_leaders()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("own_table_connects", scratch)).Succeeded().HasNoViolations();
        Assert.Equal($"{Errno.ENAMETOOLONG.Value}\n", run.Output);
    }

    private Task<GuestRun> RunAsync(SandboxSpec spec, bool landlock) => engine.RunAsync(landlock ? spec : spec with { Landlock = LandlockMode.Off });
}
