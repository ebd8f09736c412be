using System.Net;
using System.Net.Sockets;
using Catbox.Policy;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What catbox 1.7.0 did, behaviour by behaviour.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class Catbox170Tests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_guest_that_does_nothing_has_no_violations()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("does_nothing", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_write_open_outside_is_one_violation_and_EACCES()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("writes", scratch, scratch.Out("x"))).Succeeded().HasViolations(1);
        var violation = run.Result.Violations[0];
        Assert.Equal("openat", violation.Operation);
        Assert.Equal(scratch.Out("x"), violation.GivenText);
        Assert.Equal(scratch.Out("x"), violation.ResolvedText);
        Assert.Equal(Errno.EACCES, violation.Errno);
        Assert.Equal(ViolationSubject.Write, violation.Subject);
        Assert.False(violation.LetThrough);
        Assert.False(File.Exists(scratch.Out("x")));
    }

    [SkippableFact]
    public async Task A_violation_tells_the_path_as_given_beside_the_canonical_one()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("writes", scratch, "../out/./y")).Succeeded().HasViolations(1, "openat", scratch.Out("y"));
        Assert.Equal("../out/./y", run.Result.Violations[0].GivenText);
    }

    [SkippableFact]
    public async Task A_write_outside_after_execve_is_refused_too()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("execs", scratch, Guests.Build("writes"), scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task Four_attempts_in_three_threads_are_four_violations()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("threads_write", scratch, scratch.Out("x"))).Succeeded().HasViolations(4, "openat", scratch.Out("x"));
        Assert.Single(run.Result.Violations.Select(v => v.Pid).Distinct());
        Assert.Equal(3, run.Result.Violations.Select(v => v.Tid).Distinct().Count());
    }

    [SkippableFact]
    public async Task Denied_writes_in_a_deep_fork_tree_are_exactly_8746_violations()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("fork_tree", scratch, scratch.Out("x"))).Succeeded().HasViolations(8746, "openat", scratch.Out("x"));
        Assert.Equal(1093, run.Result.Processes.Length);
        Assert.All(run.Result.Violations.GroupBy(v => v.Generation), process => Assert.Contains(process.Count(), (int[])[8, 10]));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(255)]
    public async Task The_exit_code_is_the_first_process_s(int code)
    {
        using var scratch = new Scratch();
        (await engine.RunScriptAsync(scratch, $"(exit 7); exit {code}")).ExitedWith(code);
    }

    [SkippableFact]
    public async Task Opening_follows_a_final_symlink_out()
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.In("link"), Scratch.MakeFile(scratch.Out("target")));
        (await Call(scratch, "open-wronly", scratch.In("link"), -Errno.EACCES.Value)).HasViolations(1, "open", scratch.Out("target"));
    }

    [SkippableFact]
    public async Task Changing_the_owner_follows_a_final_symlink_out()
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.In("link"), Scratch.MakeFile(scratch.Out("target")));
        (await Call(scratch, "chown", scratch.In("link"), -Errno.EACCES.Value)).HasViolations(1, "chown", scratch.Out("target"));
    }

    [SkippableTheory]
    [InlineData("lchown")]
    [InlineData("unlink")]
    [InlineData("fchownat-nofollow")]
    [InlineData("utimensat-nofollow")]
    public async Task A_call_on_the_link_itself_does_not_follow_it(string call)
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.In("link"), Scratch.MakeFile(scratch.Out("target")));
        (await Call(scratch, call, scratch.In("link"), 0)).HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("lchown", "lchown")]
    [InlineData("unlink", "unlink")]
    [InlineData("fchownat-nofollow", "fchownat")]
    public async Task A_link_outside_that_leads_inside_is_not_inside(string call, string operation)
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.Out("link"), Scratch.MakeFile(scratch.In("target")));
        (await Call(scratch, call, scratch.Out("link"), -Errno.EACCES.Value)).HasViolations(1, operation, scratch.Out("link"));
    }

    [SkippableFact]
    public async Task Opening_through_a_link_outside_that_leads_inside_is_allowed()
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.Out("link"), Scratch.MakeFile(scratch.In("target")));
        (await Call(scratch, "open-wronly", scratch.Out("link"), 0)).HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("mkdir")]
    [InlineData("mkdirat")]
    public async Task Making_a_directory_above_a_writable_one_is_EEXIST_and_no_violation(string call)
    {
        using var scratch = new Scratch();
        (await Call(scratch, call, scratch.Root, -Errno.EEXIST.Value)).HasNoViolations();
    }

    [SkippableFact]
    public async Task Mkdir_p_walks_down_to_what_it_may_make()
    {
        using var scratch = new Scratch();
        (await engine.RunCommandAsync(scratch, "mkdir", "-p", scratch.In("a/b/c"))).Succeeded().HasNoViolations();
        Assert.True(Directory.Exists(scratch.In("a/b/c")));
    }

    [SkippableFact]
    public async Task Making_a_directory_that_is_there_elsewhere_outside_is_a_violation()
    {
        using var scratch = new Scratch();
        (await Call(scratch, "mkdir", scratch.Outside, -Errno.EACCES.Value)).HasViolations(1, "mkdir", scratch.Outside);
    }

    [SkippableFact]
    public async Task Making_a_missing_directory_above_a_writable_one_is_a_violation()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("filecalls", scratch, "mkdir", scratch.Out("missing")) with
        {
            Policy = scratch.Policy with { Writable = [scratch.Out("missing/deeper")] },
        };
        var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "mkdir", scratch.Out("missing"));
        Assert.Equal("-13\n", run.Error);
    }

    [SkippableTheory]
    [InlineData("open-wronly")]
    [InlineData("open-rdwr")]
    [InlineData("openat-wronly")]
    [InlineData("openat2-wronly")]
    public async Task Opening_what_is_not_there_without_O_CREAT_is_ENOENT_and_no_violation(string call)
    {
        using var scratch = new Scratch();
        (await Call(scratch, call, scratch.Out("missing"), -Errno.ENOENT.Value)).HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_writable_directory_does_not_cover_its_neighbours_of_the_same_beginning(string slash)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Out("dir"));
        Directory.CreateDirectory(scratch.Out("dirlala"));
        var policy = scratch.Policy with { Writable = [scratch.Out("dir") + slash] };
        var allowed = await engine.RunAsync(EngineFixture.Guest("filecalls", scratch, "open-creat", scratch.Out("dir/x")) with { Policy = policy });
        Assert.Equal("0\n", allowed.Succeeded().HasNoViolations().Error);
        (await engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.Out("dirlala/x")) with { Policy = policy }))
            .Succeeded().HasViolations(1, "openat", scratch.Out("dirlala/x"));
    }

    [SkippableFact]
    public async Task Names_and_paths_have_the_same_limits_inside_as_outside()
    {
        using var scratch = new Scratch();
        var outside = Unconfined.RunGuest("long_names", scratch.Inside, scratch.Inside).Succeeded().Output;
        var inside = (await engine.RunGuestAsync("long_names", scratch, scratch.Inside)).Succeeded().HasNoViolations().Output;
        Assert.Contains(" 36\n", outside, StringComparison.Ordinal);
        Assert.Equal(outside, inside);
    }

    [SkippableFact]
    public async Task A_name_that_is_too_long_is_ENAMETOOLONG_outside_the_tree_too()
    {
        using var scratch = new Scratch();
        await Call(scratch, "open-creat", scratch.Out(new string('n', 256)), -Errno.ENAMETOOLONG.Value);
    }

    [SkippableFact]
    public async Task Proc_self_is_the_guest_s()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("proc_self_cwd", scratch, scratch.Outside)).Succeeded().HasViolations(1, "openat", scratch.Out("theirs"));
        Assert.Equal("/proc/self/cwd/theirs", run.Result.Violations[0].GivenText);
        Assert.True(File.Exists(scratch.In("mine")));
    }

    [SkippableFact]
    public async Task Killing_a_grandchild_from_inside_has_no_side_effect()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("kill_grandchild", scratch, scratch.Out("x"))).Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task Collect_only_lets_a_write_through_and_records_it()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("filecalls", scratch, "open-creat", scratch.Out("x")) with { Policy = EngineFixture.CollectOnly(scratch) };
        var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "open", scratch.Out("x"));
        Assert.Equal("0\n", run.Error);
        Assert.True(run.Result.Violations[0].LetThrough);
        Assert.True(File.Exists(scratch.Out("x")));
    }

    [SkippableTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_TCP_client_under_collect_only_is_one_socket_and_one_connect(string address)
    {
        Skip.If(address == "::1" && !Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var scratch = new Scratch();
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var spec = EngineFixture.Guest("tcp_client", scratch, address, $"{port}") with { Policy = EngineFixture.CollectOnly(scratch) };
        var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(2);
        Assert.Equal(["socket", "connect"], run.Result.Violations.Select(v => v.Operation));
        Assert.Equal($"{address}:{port}", run.Result.Violations[1].ResolvedText);
        Assert.All(run.Result.Violations, v => Assert.True(v.LetThrough));
        Assert.True(listener.Pending());
    }

    [SkippableFact]
    public async Task With_the_network_off_an_internet_socket_is_refused()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("tcp_client", scratch, "127.0.0.1", "9")).ExitedWith(Errno.EACCES.Value).HasViolations(1);
        Assert.Equal("socket", run.Result.Violations[0].Operation);
        Assert.Equal(ViolationSubject.Socket, run.Result.Violations[0].Subject);
    }

    [SkippableFact]
    public async Task A_connect_to_a_unix_socket_outside_is_recorded_with_its_path()
    {
        using var scratch = new Scratch();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(scratch.Out("socket")));
        listener.Listen();
        var run = (await engine.RunGuestAsync("unix_client", scratch, scratch.Out("socket"))).ExitedWith(Errno.EACCES.Value);
        run.HasViolations(1, "connect", scratch.Out("socket"));
    }

    [SkippableFact]
    public async Task A_connect_to_nothing_AF_UNSPEC_is_no_violation()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("connect_unspec", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task Socketpairs_and_pipes_work_with_the_network_off()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("socketpair_works", scratch)).Succeeded().HasNoViolations();
    }

    private async Task<GuestRun> Call(Scratch scratch, string call, string path, int result)
    {
        var run = (await engine.RunGuestAsync("filecalls", scratch, call, GuestString.FromString(path))).Succeeded();
        Assert.True(run.Error == $"{result}\n", $"{call} {path}: expected {result}; {run}");
        return run;
    }
}
