using System.Globalization;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime.LinuxTests.Paths;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Processes outside the session, the host above all, are out of reach without Landlock too; the session's own are not.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class OutsiderTests(EngineFixture engine)
{
    private static readonly string[] s_signals =
    [
        "kill", "kill-group", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal", "F_SETOWN", "F_SETOWN_EX", "F_SETOWN_EX-thread",
    ];

    private static readonly string[] s_settings =
        ["prlimit64", "prlimit64-read", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr", "setpriority", "ioprio_set", "get_robust_list"];

    private static readonly string[] s_groups = ["setpriority-group", "ioprio_set-group", "F_SETOWN-group", "F_SETOWN_EX-group", "FIOSETOWN", "SIOCSPGRP"];

    /// <summary>Of no process at all, the session's own included: memory, descriptors, and users, who may be anybody.</summary>
    private static readonly string[] s_never =
    [
        "ptrace-attach", "ptrace-seize", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_getfd", "kcmp", "perf_event_open",
        "move_pages", "migrate_pages", "setpriority-user", "ioprio_set-user", "prctl-sched_core", "pidfd_send_signal-group",
    ];

    /// <summary>What a process outside would show of it, had it been reached.</summary>
    private static readonly string[] s_visible =
        [.. s_signals, "F_SETOWN-group", "F_SETOWN_EX-group", "FIOSETOWN", "SIOCSPGRP", "ptrace-seize", "prlimit64", "sched_setattr", "setpriority", "setpriority-group"];

    public static TheoryData<string> All => [.. s_signals, .. s_settings, .. s_groups, .. s_never];

    public static TheoryData<string> Own => [.. s_signals, .. s_settings, .. s_groups];

    public static TheoryData<string> Never => [.. s_never];

    public static TheoryData<string> Visible => [.. s_visible];

    private static GuestString HostPid => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [SkippableTheory]
    [MemberData(nameof(All))]
    public async Task A_process_outside_is_not_reached_by(string call)
    {
        using var scratch = new Scratch();
        using var outsider = new Outsider();
        var run = (await engine.RunGuestAsync("on_process", scratch, call, outsider.PidText)).Succeeded();
        // A group has no member of the session: nobody is there.
        Assert.Equal($"{(call == "kill-group" ? Errno.ESRCH : Errno.EPERM).Value}\n", run.Output);
        Assert.True(outsider.IsUntouched);
    }

    [SkippableTheory]
    [MemberData(nameof(Own))]
    public async Task A_process_of_the_session_is(string call)
    {
        using var scratch = new Scratch();
        Assert.Equal("0\n", (await engine.RunGuestAsync("on_process", scratch, call, "own")).Succeeded().HasNoViolations().Output);
    }

    [SkippableTheory]
    [MemberData(nameof(Never))]
    public async Task Not_even_a_process_of_the_session_is_reached_by(string call)
    {
        using var scratch = new Scratch();
        Assert.Equal($"{Errno.EPERM.Value}\n", (await engine.RunGuestAsync("on_process", scratch, call, "own")).Succeeded().Output);
    }

    [SkippableTheory]
    [MemberData(nameof(Visible))]
    public void Without_a_sandbox_it_is(string call)
    {
        using var scratch = new Scratch();
        using var outsider = new Outsider();
        Assert.Equal("0\n", Unconfined.RunGuest("on_process", scratch.Inside, call, outsider.PidText).Succeeded().Output);
        // A tracer that has ended has let go.
        Assert.True(call.StartsWith("ptrace", StringComparison.Ordinal) || SpinWait.SpinUntil(() => !outsider.IsUntouched, TimeSpan.FromSeconds(30)));
    }

    [SkippableTheory]
    [InlineData("open")]
    [InlineData("openat")]
    [InlineData("thread")]
    [InlineData("truncate")]
    [InlineData("twice")]
    public async Task What_the_host_has_open_without_a_name_is_not_written(string how)
    {
        using var scratch = new Scratch();
        Assert.Equal(Errno.None, Libc.MakeMemoryFile("doublemapper"u8, out var memory));
        Assert.Equal(Errno.None, Libc.Pipe(out var read, out var write));
        try
        {
            File.WriteAllText($"/proc/self/fd/{memory}", "host");
            foreach (var mode in new[] { OnViolation.Deny, OnViolation.Log })
            {
                var policy = new SandboxPolicy { Writable = ["/"], OnViolation = mode };
                foreach (var fd in how == "truncate" ? [memory] : new[] { memory, read, write })
                {
                    var number = fd.ToString(CultureInfo.InvariantCulture);
                    var spec = EngineFixture.Guest("opens_foreign_descriptor", scratch, how, HostPid, number) with { Policy = policy, Landlock = LandlockMode.Off };
                    // A pipe's writing end cannot be opened for reading first: the guest gives up by itself.
                    var run = await engine.RunAsync(spec);
                    Assert.Equal($"{Errno.EACCES.Value}\n", run.Succeeded().HasViolations(1).Output);
                    Assert.Equal(ViolationSubject.Write, run.Result.Violations[0].Subject);
                }
            }

            Assert.Equal("host", File.ReadAllText($"/proc/self/fd/{memory}"));
        }
        finally
        {
            Libc.CloseAll(memory, read, write);
        }
    }

    [SkippableTheory]
    [InlineData("mem")]
    [InlineData("comm")]
    [InlineData("oom_score_adj")]
    [InlineData("coredump_filter")]
    [InlineData("clear_refs")]
    [InlineData("timerslack_ns")]
    [InlineData("autogroup")]
    public async Task A_file_of_the_host_s_in_proc_is_not_opened_for_writing(string name)
    {
        using var scratch = new Scratch();
        var path = $"/proc/{Environment.ProcessId}/{name}";
        Skip.IfNot(File.Exists(path), $"this kernel has no {path}");
        var run = (await engine.RunGuestAsync("opens_for_writing", scratch, path)).Succeeded().HasViolations(1);
        Assert.Equal($"{Errno.EACCES.Value}\n", run.Output);
        Assert.Equal(path, run.Result.Violations[0].ResolvedText);
    }

    [SkippableTheory]
    [InlineData("cwd")]
    [InlineData("root")]
    public async Task A_directory_of_the_host_s_leads_to_where_it_is_and_is_judged_there(string link)
    {
        using var scratch = new Scratch();
        var target = link == "cwd" ? Environment.CurrentDirectory : "";
        var run = (await engine.RunGuestAsync("writes", scratch, $"/proc/{Environment.ProcessId}/{link}/catbox-new")).Succeeded();
        run.HasViolations(1, "openat", target + "/catbox-new");
    }

    [SkippableTheory]
    [InlineData("self")]
    [InlineData("write-only")]
    [InlineData("thread-self")]
    [InlineData("pid")]
    [InlineData("child")]
    [InlineData("task")]
    [InlineData("dirfd")]
    [InlineData("cwd")]
    [InlineData("symlink")]
    [InlineData("again")]
    [InlineData("path-only")]
    [InlineData("root")]
    [InlineData("creat")]
    [InlineData("truncating")]
    public async Task Memory_is_not_opened_for_writing_by_any_name_though_everything_is_writable(string alias)
    {
        using var scratch = new Scratch();
        foreach (var mode in new[] { OnViolation.Deny, OnViolation.Log })
        {
            File.Delete(scratch.In("memory"));
            var spec = EngineFixture.Guest("opens_memory", scratch, alias) with { Policy = new SandboxPolicy { Writable = ["/"], OnViolation = mode } };
            var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1);
            Assert.Equal($"{Errno.EACCES.Value}\n", run.Output);
            Assert.EndsWith("/mem", run.Result.Violations[0].ResolvedText, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task Nor_by_another_mount_of_procfs()
    {
        using var scratch = new Scratch();
        var proc = Scratch.MakeDirectory(scratch.Out("proc"));
        Skip.If(Unconfined.Run("mount", ["-t", "proc", "proc", proc]).Code != 0, "procfs cannot be mounted here (it needs root)");
        try
        {
            var spec = EngineFixture.Guest("opens_memory", scratch, "mount", GuestString.FromString(proc)) with { Policy = new SandboxPolicy { Writable = ["/"] } };
            var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1);
            Assert.Equal($"{Errno.EACCES.Value}\n", run.Output);
            Assert.StartsWith(proc, run.Result.Violations[0].ResolvedText, StringComparison.Ordinal);
        }
        finally
        {
            Unconfined.Run("umount", [proc]).Succeeded();
        }
    }

    [SkippableFact]
    public async Task What_the_session_has_open_itself_is_opened_again()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunScriptAsync(scratch, "{ echo word > /proc/self/fd/3; } 3>&1 | cat; echo x > /proc/$$/fd/2")).Succeeded().HasNoViolations();
        Assert.Equal(("word\n", "x\n"), (run.Output, run.Error));
    }
}
