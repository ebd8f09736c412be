using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>
/// An argument that changes between the judgement and the call. Each guest must win where the engine judges and continues, as it can in test builds, or it would prove nothing; and never
/// where the judged argument lies in a slot.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Race")]
public sealed class SlotRaceTests(EngineFixture engine)
{
    private const int Tries = 20_000;

    [SkippableTheory]
    [InlineData("open", true)]
    [InlineData("creat", true)]
    [InlineData("openat2", true)]
    [InlineData("open", false)]
    [InlineData("creat", false)]
    [InlineData("openat2", false)]
    public async Task A_flipped_path_is_opened_only_by_judge_and_continue(string call, bool continues)
    {
        using var scratch = new Scratch();
        var (allowed, forbidden) = Pair(scratch);
        Scratch.MakeFile(allowed);
        Scratch.MakeFile(forbidden);
        await RaceAsync(scratch, call, Tries, allowed, forbidden, continues, policy => policy);
        Assert.Equal(continues && call == "creat" ? "" : "old", File.ReadAllText(forbidden));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_program_is_executed_only_by_judge_and_continue(bool continues)
    {
        using var scratch = new Scratch();
        var (allowed, forbidden) = Pair(scratch);
        File.Copy(Guests.Build("exits_zero"), allowed);
        File.Copy(Guests.Build("exits_seven"), forbidden);
        await RaceAsync(scratch, "execve", 2_000, allowed, forbidden, continues, policy => policy with { DenyExecute = [forbidden] });
    }

    [SkippableTheory]
    [InlineData("connect", true)]
    [InlineData("sendto", true)]
    [InlineData("sendmsg", true)]
    [InlineData("sendmmsg", true)]
    [InlineData("connect", false)]
    [InlineData("sendto", false)]
    [InlineData("sendmsg", false)]
    [InlineData("sendmmsg", false)]
    public async Task A_flipped_address_is_reached_only_by_judge_and_continue(string call, bool continues)
    {
        using var scratch = new Scratch();
        using var first = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)first.Client.LocalEndPoint!).Port;
        using var second = Neighbour(port);
        var other = ((IPEndPoint)second.Client.LocalEndPoint!).Port;
        var rule = new NetworkRule(true, new IPNetwork(IPAddress.Loopback, 32), (ushort)port, (ushort)port, NetworkDirection.Connect, null);
        var spec = EngineFixture.Guest("flips_argument", scratch, call, Text(Tries), "a", "b", Text(port), Text(other)) with
        {
            Policy = scratch.Policy with { NetworkRules = [rule] },
            JudgesAndContinues = continues,
            Landlock = LandlockMode.Off,
            MaxViolationsKept = 1,
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        var won = int.Parse(run.Output, CultureInfo.InvariantCulture) > 0 || second.Available > 0;
        Assert.True(won == continues, $"won: {run.Output.Trim()} connections, {second.Available} bytes");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_directory_that_is_exchanged_for_a_link_is_left_only_by_judge_and_continue(bool continues)
    {
        using var scratch = new Scratch();
        Scratch.MakeFile(scratch.Out("file"));
        var spec = EngineFixture.Guest("exchanges_directory", scratch, Text(Tries), "file", scratch.Outside) with
        {
            JudgesAndContinues = continues,
            Landlock = LandlockMode.Off,
            MaxViolationsKept = 1,
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, int.Parse(run.Output, CultureInfo.InvariantCulture) > 0);
        Assert.Equal(continues ? "" : "old", File.ReadAllText(scratch.Out("file")));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_in_an_exchanged_directory_runs_only_by_judge_and_continue(bool continues)
    {
        using var scratch = new Scratch();
        var inside = Scratch.MakeDirectory(scratch.In("d"));
        File.Copy(Guests.Build("exits_zero"), Path.Combine(inside, "program"));
        File.Copy(Guests.Build("exits_seven"), scratch.Out("program"));
        var spec = EngineFixture.Guest("exchanges_directory", scratch, "2000", "program", scratch.Outside, "execute") with
        {
            Policy = scratch.Policy with { DenyExecute = [scratch.Outside] },
            JudgesAndContinues = continues,
            Landlock = LandlockMode.Off,
            MaxViolationsKept = 1,
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, int.Parse(run.Output, CultureInfo.InvariantCulture) > 0);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_descriptor_that_is_swapped_under_its_magic_link_is_opened_only_by_judge_and_continue(bool continues)
    {
        using var scratch = new Scratch();
        var outside = Scratch.MakeFile(scratch.Out("file"));
        var spec = EngineFixture.Guest("swaps_descriptor", scratch, Text(Tries), outside) with { JudgesAndContinues = continues, Landlock = LandlockMode.Off, MaxViolationsKept = 1 };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, int.Parse(run.Output, CultureInfo.InvariantCulture) > 0);
        Assert.Equal(continues ? "" : "old", File.ReadAllText(outside));
    }

    private async Task RaceAsync(
        Scratch scratch, string call, int tries, string allowed, string forbidden, bool continues, Func<SandboxPolicy, SandboxPolicy> change)
    {
        var spec = EngineFixture.Guest("flips_argument", scratch, call, Text(tries), allowed, forbidden, "1", "2") with
        {
            Policy = change(new SandboxPolicy { Writable = [Path.GetDirectoryName(allowed)!] }),
            JudgesAndContinues = continues,
            Landlock = LandlockMode.Off,
            MaxViolationsKept = 1,
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, int.Parse(run.Output, CultureInfo.InvariantCulture) > 0);
    }

    /// <summary>Two paths that differ in one byte, of which the first lies in a writable directory.</summary>
    private static (string Allowed, string Forbidden) Pair(Scratch scratch) =>
        (Path.Combine(Scratch.MakeDirectory(Path.Combine(scratch.Root, "a")), "f"), Path.Combine(Scratch.MakeDirectory(Path.Combine(scratch.Root, "b")), "f"));

    /// <summary>A port that differs in one byte.</summary>
    private static UdpClient Neighbour(int port)
    {
        for (var other = port ^ 1; ; other = (port & 0xff00) | ((other + 1) & 0xff))
        {
            try
            {
                if (other != port)
                {
                    return new UdpClient(new IPEndPoint(IPAddress.Loopback, other));
                }
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private static GuestString Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
