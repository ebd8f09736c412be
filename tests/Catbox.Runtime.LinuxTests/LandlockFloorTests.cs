using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What the Landlock domain holds by itself: the guest runs without the filter, so that nothing is stopped and nobody is asked.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class LandlockFloorTests
{
    private const int EPERM = 1;
    private const int EACCES = 13;
    private const int EXDEV = 18;

    /// <summary>
    /// What Landlock does not govern: the metadata of files, and an open with both bits of O_ACCMODE, by which a file can be neither read nor written.
    /// </summary>
    private static readonly string[] Ungoverned = ["chmod", "chown", "utime", "xattr", "setattr", "accmode3"];

    public static TheoryData<string> Writes =>
        [.. FileCalls.All.Select(static c => c.Name).Where(static name => !Ungoverned.Any(name.Contains))];

    [SkippableTheory]
    [MemberData(nameof(Writes))]
    public async Task A_call_on_what_is_outside_is_refused_and_on_what_is_inside_works(string name)
    {
        LandlockMachine.Need(3);
        var call = FileCalls.Named(name);
        using var scratch = new Scratch();
        FileCalls.Outside([name, .. FileCalls.Prepare(call, scratch.Out("probe"), scratch.Out("probe2"))]); // skips what this machine lacks
        var outside = FileCalls.Prepare(call, scratch.Out("a"), scratch.Out("b"));
        var inside = FileCalls.Prepare(call, scratch.In("a"), scratch.In("b"));
        var before = Scratch.Snapshot(scratch.Outside);

        Assert.Contains(await ResultAsync(scratch, [name, .. outside]), (int[])[-EACCES, -EXDEV]);
        Assert.Equal(0, await ResultAsync(scratch, [name, .. inside]));
        Assert.Equal(before, Scratch.Snapshot(scratch.Outside));
    }

    [SkippableTheory]
    [InlineData("rename")]
    [InlineData("renameat2-exchange")]
    [InlineData("link")]
    public async Task Nothing_is_moved_or_linked_over_the_border(string name)
    {
        LandlockMachine.Need(2);
        using var scratch = new Scratch();
        foreach (var (from, to) in new[] { (scratch.In("a"), scratch.Out("b")), (scratch.Out("c"), scratch.In("d")) })
        {
            FileCalls.Prepare(FileCalls.Named(name), from, to);
            Assert.Contains(await ResultAsync(scratch, [name, from, to]), (int[])[-EACCES, -EXDEV]);
        }
    }

    [SkippableFact]
    public async Task Processes_outside_are_out_of_reach()
    {
        LandlockMachine.Need(6);
        using var scratch = new Scratch();
        using var other = Unconfined.Start("sleep", ["600"]);
        var pid = other.Id.ToString(CultureInfo.InvariantCulture);
        try
        {
            var run = (await LandlockMachine.RunOnTheFloorAsync(EngineFixture.Guest("domain_processes", scratch, pid))).Succeeded();
            Assert.True(run.OutputLines.Length >= 12, run.Output);
            Assert.All(run.OutputLines, static line => Assert.Contains(line.Split(' ')[1], (string[])["1", "13"]));

            // Signals work without a domain, so it is the domain that refuses them.
            Assert.Contains("kill 0", Unconfined.RunGuest("domain_processes", scratch.Inside, pid).Succeeded().Output.Split('\n'));
        }
        finally
        {
            other.Kill();
        }
    }

    [SkippableFact]
    public async Task Processes_of_the_session_are_within_reach_of_each_other()
    {
        LandlockMachine.Need(6);
        using var scratch = new Scratch();
        (await LandlockMachine.RunOnTheFloorAsync(EngineFixture.Guest("domain_family", scratch))).Succeeded();
    }

    [SkippableFact]
    public async Task Another_sandbox_is_out_of_reach()
    {
        LandlockMachine.Need(6);
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("waits_for_input", scratch) with { StandardInput = GuestStream.Piped };
        await using var runner = SandboxRunner.CreateStandalone();
        await using var other = await runner.StartAsync(spec);
        var run = await LandlockMachine.RunOnTheFloorAsync(
            EngineFixture.Guest("domain_processes", scratch, other.Pid.ToString(CultureInfo.InvariantCulture)));
        Assert.True(run.Succeeded().OutputLines.Length >= 12, run.Output);
        Assert.All(run.OutputLines, static line => Assert.Contains(line.Split(' ')[1], (string[])["1", "13"]));
    }

    [SkippableFact]
    public async Task An_abstract_socket_of_the_host_is_out_of_reach()
    {
        LandlockMachine.Need(6);
        using var scratch = new Scratch();
        var name = "catbox-" + Guid.NewGuid().ToString("N");
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint("\0" + name));
        server.Listen();

        Assert.Equal(0, Unconfined.RunGuest("reaches", scratch.Inside, "connect", "@" + name).Code);
        Assert.Equal(EPERM, await ExitAsync(scratch.Policy, scratch, "connect", "@" + name));
    }

    [SkippableFact]
    public async Task A_TCP_port_is_reached_when_a_rule_names_it_and_not_otherwise()
    {
        LandlockMachine.Need(4);
        using var scratch = new Scratch();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        var address = string.Create(CultureInfo.InvariantCulture, $"4:127.0.0.1:{port}");
        var named = scratch.Policy with { NetworkRules = [new NetworkRule(true, null, (ushort)port, (ushort)port, NetworkDirection.Connect, null)] };
        var another = scratch.Policy with { NetworkRules = [new NetworkRule(true, null, 1, 1, NetworkDirection.Connect, null)] };

        Assert.Equal(0, await ExitAsync(named, scratch, "connect", address));
        Assert.Equal(EACCES, await ExitAsync(another, scratch, "connect", address));
        Assert.Equal(EACCES, await ExitAsync(scratch.Policy, scratch, "connect", address));
        Assert.Equal(EACCES, await ExitAsync(named, scratch, "bind", "4:127.0.0.1:0"));
        Assert.Equal(0, await ExitAsync(scratch.Policy with { Network = NetworkMode.On }, scratch, "connect", address));
    }

    private static async Task<int> ExitAsync(SandboxPolicy policy, Scratch scratch, params GuestString[] arguments) =>
        (await LandlockMachine.RunOnTheFloorAsync(EngineFixture.Guest("reaches", scratch, arguments) with { Policy = policy })).Result.Exit.Code;

    private static async Task<int> ResultAsync(Scratch scratch, string[] arguments) => int.Parse(
        (await LandlockMachine.RunOnTheFloorAsync(EngineFixture.Guest("filecalls", scratch, [.. arguments.Select(GuestString.FromString)]))).Succeeded().Error,
        CultureInfo.InvariantCulture);
}
