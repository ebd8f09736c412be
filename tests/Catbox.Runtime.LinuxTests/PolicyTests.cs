using System.Net;
using System.Net.Sockets;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Each kind of rule once, with a real guest (the rules themselves are tested without one).</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class PolicyTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task Nothing_is_writable_by_default()
    {
        using var scratch = new Scratch();
        var run = await engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.In("x")) with { Policy = new SandboxPolicy() });
        run.Succeeded().HasViolations(1, "openat", scratch.In("x"));
    }

    [SkippableFact]
    public async Task A_path_may_be_denied_inside_a_writable_one()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.In("kept"));
        var spec = EngineFixture.Guest("writes", scratch, scratch.In("kept/x")) with { Policy = scratch.Policy with { DenyWrite = [scratch.In("kept")] } };
        (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "openat", scratch.In("kept/x"));
    }

    [SkippableFact]
    public async Task A_regex_makes_what_it_matches_writable()
    {
        using var scratch = new Scratch();
        var policy = new SandboxPolicy { Writable = ["~" + scratch.Outside + "/[a-z]+\\.log"] };
        var allowed = await engine.RunAsync(EngineFixture.Guest("filecalls", scratch, "open-creat", scratch.Out("a.log")) with { Policy = policy });
        Assert.Equal("0\n", allowed.Succeeded().HasNoViolations().Error);
        (await engine.RunAsync(EngineFixture.Guest("writes", scratch, scratch.Out("a.log2")) with { Policy = policy }))
            .Succeeded().HasViolations(1, "openat", scratch.Out("a.log2"));
    }

    [SkippableFact]
    public async Task A_denied_read_is_a_violation_and_EACCES()
    {
        using var scratch = new Scratch();
        var secret = Scratch.MakeFile(scratch.Out("secret"));
        var spec = EngineFixture.Guest("filecalls", scratch, "open-rdonly", secret) with { Policy = scratch.Policy with { DenyRead = [secret] } };
        var run = (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "open", secret);
        Assert.Equal("-13\n", run.Error);
        Assert.Equal(ViolationSubject.Read, run.Result.Violations[0].Subject);
    }

    [SkippableFact]
    public async Task A_silent_path_is_refused_without_a_violation()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("writes", scratch, scratch.Out("x")) with { Policy = scratch.Policy with { Silent = [scratch.Outside] } };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.False(File.Exists(scratch.Out("x")));
    }

    [SkippableFact]
    public async Task A_program_may_be_denied()
    {
        using var scratch = new Scratch();
        var program = Guests.Build("does_nothing");
        var spec = EngineFixture.Guest("execs", scratch, program) with { Policy = scratch.Policy with { DenyExecute = [program] } };
        var run = (await engine.RunAsync(spec)).ExitedWith(126).HasViolations(1, "execve", program);
        Assert.Equal(ViolationSubject.Execute, run.Result.Violations[0].Subject);
    }

    [SkippableFact]
    public async Task A_policy_may_kill_at_a_violation()
    {
        using var scratch = new Scratch();
        var policy = scratch.Policy with { OnViolation = OnViolation.Kill };
        var script = $": > {scratch.Outside}/x; mkdir {scratch.Inside}/after";
        var run = await engine.RunAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", script) with { Policy = policy });
        Assert.Equal(EndReason.ViolationKill, run.Result.Reason);
        run.HasViolations(1, "openat", scratch.Out("x"));
        Assert.False(Directory.Exists(scratch.In("after")));
    }

    [SkippableTheory]
    [InlineData("echo x > /dev/null")]
    [InlineData("echo x > /dev/zero")]
    [InlineData("echo x > /dev/full 2>/dev/null || true")]
    [InlineData("printf x > /dev/urandom")]
    [InlineData("printf name > /proc/self/comm")]
    public async Task Some_files_may_be_written_without_asking(string script)
    {
        using var scratch = new Scratch();
        (await engine.RunScriptAsync(scratch, script)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_strict_policy_takes_that_back()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("writes", scratch, "/dev/null") with { Policy = scratch.Policy with { Strict = true } };
        (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "openat", "/dev/null");
    }

    [SkippableFact]
    public async Task The_private_temporary_directory_is_writable_and_goes_with_the_session()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunScriptAsync(scratch, "set -e; test -d \"$TMPDIR\"; echo x > \"$TMPDIR/file\"; mkdir \"$TMPDIR/d\"; printf %s \"$TMPDIR\"")).Succeeded();
        run.HasNoViolations();
        Assert.StartsWith("/", run.Output, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => !Directory.Exists(run.Output), $"{run.Output} is removed");
    }

    [SkippableFact]
    public async Task Two_sessions_have_two_temporary_directories()
    {
        using var scratch = new Scratch();
        var one = (await engine.RunScriptAsync(scratch, "printf %s \"$TMPDIR\"")).Succeeded();
        var two = (await engine.RunScriptAsync(scratch, "printf %s \"$TMPDIR\"")).Succeeded();
        Assert.NotEqual(one.Output, two.Output);
    }

    [SkippableFact]
    public async Task A_rule_lets_one_port_through_and_no_other()
    {
        using var scratch = new Scratch();
        using var open = new TcpListener(IPAddress.Loopback, 0);
        using var shut = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        shut.Start();
        var (openPort, shutPort) = ((ushort)((IPEndPoint)open.LocalEndpoint).Port, (ushort)((IPEndPoint)shut.LocalEndpoint).Port);
        var policy = scratch.Policy with
        {
            NetworkRules = [new NetworkRule(true, IPNetwork.Parse("127.0.0.1/32"), openPort, openPort, NetworkDirection.Connect, null)],
        };
        (await engine.RunAsync(EngineFixture.Guest("tcp_client", scratch, "127.0.0.1", $"{openPort}") with { Policy = policy })).Succeeded().HasNoViolations();
        var refused = await engine.RunAsync(EngineFixture.Guest("tcp_client", scratch, "127.0.0.1", $"{shutPort}") with { Policy = policy });
        refused.ExitedWith(Errno.EACCES.Value).HasViolations(1, "connect", $"127.0.0.1:{shutPort}");
        Assert.False(shut.Pending());
    }

    [SkippableFact]
    public async Task With_the_network_on_a_client_connects()
    {
        using var scratch = new Scratch();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var spec = EngineFixture.Guest("tcp_client", scratch, "127.0.0.1", $"{((IPEndPoint)listener.LocalEndpoint).Port}");
        (await engine.RunAsync(spec with { Policy = scratch.Policy with { Network = NetworkMode.On } })).Succeeded().HasNoViolations();
        Assert.True(listener.Pending());
    }
}
