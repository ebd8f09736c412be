using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime.LinuxTests.Paths;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>
/// Races that are not of <see cref="RaceTable"/>'s form, since the guest cannot see whether it has won or is killed when it has. Each must be won where the engine
/// judges and continues, as it can in test builds, or it would prove nothing; and never where the judged argument lies in a slot.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Race")]
public sealed class OtherRaceTests(EngineFixture engine)
{
    private const string Tries = "20000";

    [SkippableTheory]
    [InlineData("sendto", true)]
    [InlineData("sendmsg", true)]
    [InlineData("sendmmsg", true)]
    [InlineData("sendto", false)]
    [InlineData("sendmsg", false)]
    [InlineData("sendmmsg", false)]
    public async Task A_datagram_comes_to_a_flipped_port_only_by_judge_and_continue(string call, bool continues)
    {
        using var scratch = new Scratch();
        using var first = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)first.Client.LocalEndPoint!).Port;
        using var second = Neighbour(port);
        var other = ((IPEndPoint)second.Client.LocalEndPoint!).Port;
        var rule = new NetworkRule(true, new IPNetwork(IPAddress.Loopback, 32), (ushort)port, (ushort)port, NetworkDirection.Connect, null);
        var spec = EngineFixture.Guest("flips_port", scratch, call, Tries, Text(port), Text(other)) with
        {
            Policy = scratch.Policy with { NetworkRules = [rule] },
            JudgesAndContinues = continues,
            Landlock = LandlockMode.Off,
            MaxViolationsKept = 1,
        };
        (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, second.Available > 0);
    }

    [SkippableTheory]
    [InlineData("thread", true)]
    [InlineData("thread", false)]
    [InlineData("leader", true)]
    [InlineData("leader", false)]
    [InlineData("child", true)]
    [InlineData("child", false)]
    [InlineData("link", true)]
    [InlineData("link", false)]
    public async Task A_descriptor_that_is_swapped_under_its_magic_link_is_opened_only_by_judge_and_continue(string who, bool continues)
    {
        using var scratch = new Scratch();
        var outside = Scratch.MakeFile(scratch.Out("file"));
        var spec = EngineFixture.Guest("swaps_descriptor", scratch, who, Tries, outside) with { JudgesAndContinues = continues, Landlock = LandlockMode.Off, MaxViolationsKept = 1 };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(continues, int.Parse(run.Output, CultureInfo.InvariantCulture) > 0);
        Assert.Equal(continues ? "" : "old", File.ReadAllText(outside));
    }

    /// <summary>The object that is swapped in is a memfd of the host's: it has no name either, and what lets a descriptor without a name be opened again is how it was opened.</summary>
    [SkippableTheory]
    [InlineData("thread")]
    [InlineData("leader")]
    [InlineData("child")]
    public async Task Nor_is_what_was_opened_for_reading_taken_for_what_was_opened_for_writing(string who)
    {
        using var scratch = new Scratch();
        Assert.Equal(Errno.None, Libc.MakeMemoryFile("host"u8, out var memory));
        try
        {
            GuestString path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{memory}");
            var spec = EngineFixture.Guest("swaps_descriptor", scratch, who, Tries, path) with { Landlock = LandlockMode.Off, MaxViolationsKept = 1 };
            Assert.Equal("0\n", (await engine.RunAsync(spec)).Succeeded().Output);
        }
        finally
        {
            Libc.CloseAll(memory);
        }
    }

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
