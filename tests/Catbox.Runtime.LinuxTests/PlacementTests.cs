using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Where guests run: seen from outside, as a guest itself is told of its own mask only.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class PlacementTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_guest_that_stops_often_is_given_one_cpu()
    {
        Skip.If(Environment.ProcessorCount == 1, "one CPU: there is no other place");
        Skip.IfNot(Engine.Advice is null, "each answer comes a millisecond later: no two stops are close together");
        using var scratch = new Scratch();
        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("repeats", scratch, "open", scratch.Out("refused"), "1000000000"));
        await Eventually.IsTrueAsync(() => Cpus(sandbox.Pid) == 1, "the guest has one CPU");
    }

    [SkippableFact]
    public async Task Two_that_compute_side_by_side_are_not_kept_on_one_cpu()
    {
        Skip.If(Environment.ProcessorCount == 1, "one CPU: there is no other place");
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("computes_twice", scratch) with { StandardInput = GuestStream.Piped };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        using var output = new StreamReader(sandbox.StandardOutput);
        int[] computing =
        [
            int.Parse((await output.ReadLineAsync())!, CultureInfo.InvariantCulture),
            int.Parse((await output.ReadLineAsync())!, CultureInfo.InvariantCulture),
        ];
        await Eventually.IsTrueAsync(() => computing.Count(pid => Cpus(pid) == 1) < 2, "one of them may go where it likes");
    }

    [SkippableFact]
    public async Task A_loop_whose_doorbell_was_killed_gets_another()
    {
        using var scratch = new Scratch();
        var others = Stubs();
        await using var runner = Engine.Create();
        var spec = EngineFixture.Guest("waits_for_input", scratch) with { StandardInput = GuestStream.Piped };
        await using var sandbox = await runner.StartAsync(spec);
        var doorbell = Assert.Single(Stubs().Except(others));
        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", doorbell.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await Eventually.IsTrueAsync(() => Stubs().Except(others).Any(stub => stub != doorbell), "there is another doorbell");
        await using var second = await runner.StartAsync(EngineFixture.Guest("does_nothing", scratch));
        Assert.Equal(0, (await second.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        await sandbox.StandardInput.DisposeAsync();
        Assert.Equal(0, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
    }

    private static HashSet<int> Stubs() =>
        [.. Processes.OwnChildren().Where(pid => Processes.IsAlive(pid) && new FileInfo($"/proc/{pid}/exe").LinkTarget is { } image && image.Contains("catbox-stub", StringComparison.Ordinal))];

    private static int Cpus(int pid) =>
        Convert.ToString(Convert.ToInt64(Status(pid, "Cpus_allowed").Replace(",", "", StringComparison.Ordinal), 16), 2).Count(bit => bit == '1');

    private static string Status(int pid, string field)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return "0";
        }
    }
}
