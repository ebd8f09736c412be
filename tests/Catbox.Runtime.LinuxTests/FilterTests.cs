using System.Globalization;
using System.Runtime.InteropServices;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What is refused before any path is looked at: foreign entry points, new calls, and the doors to the engine itself.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class FilterTests(EngineFixture engine)
{
    private const int SIGSYS = 31;

    private static GuestString HostPid => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [SkippableFact]
    public async Task A_call_by_int_0x80_kills_the_process_before_it_is_made()
    {
        using var scratch = new Scratch();
        // A kernel that was built or started without this entry kills by a fault, whoever is there.
        const int SIGSEGV = 11;
        var hasEntry = Unconfined.RunGuest("int80", scratch.Inside, scratch.In("outside")).Code != 128 + SIGSEGV;
        var run = await engine.RunGuestAsync("int80", scratch, scratch.In("made"));
        Assert.Equal(EndReason.Signaled, run.Result.Reason);
        Assert.Equal(hasEntry ? SIGSYS : SIGSEGV, run.Result.Exit.Signal);
        Assert.False(Directory.Exists(scratch.In("made")));
    }

    [SkippableFact]
    public async Task X32_numbers_are_ENOSYS()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("x32", scratch, scratch.In("made"))).Succeeded();
        Assert.False(Directory.Exists(scratch.In("made")));
    }

    [SkippableTheory]
    [InlineData("beyond_table")]
    [InlineData("io_uring_is_unknown")]
    public async Task Calls_that_are_not_served_are_ENOSYS(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch)).Succeeded();
    }

    [SkippableTheory]
    [InlineData("userfaultfd_refused")]
    [InlineData("own_listener")]
    [InlineData("clone_untraced")]
    [InlineData("types_into_terminal")]
    public async Task Calls_that_would_blind_or_hurt_the_engine_are_EPERM(string guest)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync(guest, scratch)).Succeeded();
    }

    [SkippableFact]
    public async Task A_user_namespace_is_EPERM_and_a_violation_each_time()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("unshare_user", scratch)).Succeeded();
        Assert.Contains(run.Result.Violations, v => v.Operation == "unshare");
    }

    [SkippableFact]
    public async Task A_plain_filter_of_the_guest_s_own_works()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("own_filter", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_filter_of_the_guest_s_own_that_traces_does_not_fool_the_engine()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("own_trace_data", scratch, scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task A_process_that_asks_not_to_be_dumpable_is_judged_all_the_same()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("not_dumpable", scratch, scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task Attributes_of_a_file_outside_cannot_be_set_through_a_read_only_descriptor()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("flags_through_read_only", scratch, Scratch.MakeFile(scratch.Out("file")))).Succeeded();
    }

    [SkippableTheory]
    [InlineData("kill")]
    [InlineData("tkill")]
    [InlineData("tgkill")]
    [InlineData("rt_sigqueueinfo")]
    [InlineData("rt_tgsigqueueinfo")]
    [InlineData("pidfd_send_signal")]
    public async Task A_signal_to_the_host_is_EPERM(string way)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("signals_outside", scratch, way, HostPid)).Succeeded();
    }

    [SkippableFact]
    public async Task The_host_s_memory_cannot_be_reached()
    {
        using var scratch = new Scratch();
        var cell = Marshal.AllocHGlobal(1);
        Marshal.WriteByte(cell, (byte)'o');
        try
        {
            (await engine.RunGuestAsync("vm_writev_outside", scratch, HostPid, cell.ToString(CultureInfo.InvariantCulture))).Succeeded();
            Assert.Equal((byte)'o', Marshal.ReadByte(cell));
        }
        finally
        {
            Marshal.FreeHGlobal(cell);
        }
    }

    [SkippableFact]
    public async Task The_host_s_descriptors_cannot_be_taken()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("pidfd_getfd_outside", scratch, HostPid)).Succeeded();
    }

    [SkippableFact]
    public async Task The_host_s_limits_and_priority_cannot_be_set()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("limits_outside", scratch, HostPid)).Succeeded();
    }

    [SkippableTheory]
    [InlineData("/proc/self/mem")]
    [InlineData("/proc/thread-self/mem")]
    [InlineData("/proc/HOST/mem")]
    public async Task Memory_by_way_of_proc_cannot_be_opened_for_writing(string path)
    {
        using var scratch = new Scratch();
        path = path.Replace("HOST", HostPid.ToString(), StringComparison.Ordinal);
        var run = (await engine.RunGuestAsync("opens_for_writing", scratch, path)).Succeeded().HasViolations(1);
        Assert.NotEqual("0\n", run.Output);
        Assert.EndsWith("/mem", run.Result.Violations[0].ResolvedText, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Memory_cannot_be_opened_for_writing_under_collect_only_either()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("opens_for_writing", scratch, "/proc/self/mem") with { Policy = EngineFixture.CollectOnly(scratch) };
        Assert.NotEqual("0\n", (await engine.RunAsync(spec)).Succeeded().Output);
    }

#if CATBOX_TEST_BUILD
    [SkippableTheory]
    [InlineData("exits_seven")]
    [InlineData("three_threads")]
    [InlineData("own_filter")]
    [InlineData("restart_sleep")]
    [InlineData("realtime_siginfo")]
    [InlineData("socketpair_works")]
    [InlineData("subreaper")]
    [InlineData("own_cpu_mask")]
    [InlineData("fork_tree")]
    [InlineData("thread_storm")]
    public async Task Where_every_call_stops_for_others_a_guest_goes_the_same_way(string guest)
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest(guest, scratch, scratch.Out("x"));
        var expected = await engine.RunAsync(spec);
        var run = await engine.RunAsync(spec with { AlsoStops = [.. LinuxX64.Table.Rows.Where(static row => !row.MustNotStop).Select(static row => row.Name)] });

        Assert.Equal((expected.Result.Reason, expected.Result.Exit, expected.Output, expected.Result.ViolationCount), (run.Result.Reason, run.Result.Exit, run.Output, run.Result.ViolationCount));
        Assert.True(run.Result.Stops.BySyscall.GetValueOrDefault("mmap") > expected.Result.Stops.BySyscall.GetValueOrDefault("mmap"));
        Assert.True(run.Result.Stops.Seccomp > expected.Result.Stops.Seccomp);
    }

    [SkippableFact]
    public async Task A_call_that_passes_stops_where_somebody_wants_to_see_it()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("show_identity", scratch);
        Assert.DoesNotContain("getpid", (await engine.RunAsync(spec)).Succeeded().Result.Stops.BySyscall.Keys);
        Assert.True((await engine.RunAsync(spec with { AlsoStops = ["getpid"] })).Succeeded().Result.Stops.BySyscall["getpid"] > 0);
    }
#endif

    [SkippableFact]
    public async Task Bad_pointers_are_EFAULT_and_no_violation()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("bad_pointers", scratch)).Succeeded().HasNoViolations();
    }
}
