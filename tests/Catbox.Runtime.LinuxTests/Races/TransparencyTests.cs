using System.Collections.Immutable;
using System.Globalization;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>A program cannot tell that a call of it was judged, or made in another way: registers, signals that come in between, runtimes that live by signals.</summary>
[Collection(BuildsCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class TransparencyTests(EngineFixture engine)
{
    /// <summary>About four calls each. `make soak` makes 10 million of them, half an hour's worth.</summary>
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("CATBOX_TEST_CALLS") ?? "50000", CultureInfo.InvariantCulture) / 4;

    [SkippableFact]
    public async Task Registers_and_results_stand_while_a_signal_handler_makes_judged_calls_of_its_own()
    {
        using var scratch = new Scratch();
        // A handler whose call takes longer than the timer leaves the program no time, as outside.
        var (rounds, period) = Engine.Advice is null ? (s_rounds, "1000") : (s_rounds / 10, "50000");
        var spec = EngineFixture.Guest("keeps_registers", scratch, rounds.ToString(CultureInfo.InvariantCulture), scratch.Out("x"), period) with { MaxViolationsKept = 1000 };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Matches("^[1-9][0-9]* signals$", run.Output.Trim());
        Assert.All(run.Result.Violations, v => Assert.Equal(("openat", scratch.Out("x")), (v.Operation, v.ResolvedText)));
        Assert.True(run.Result.ViolationCount >= rounds / 8);
    }

    [SkippableFact]
    public async Task A_Go_program_that_is_pre_empted_by_signals_is_built_and_does_as_outside()
    {
        Tools.Need("go", "golang-go");
        using var input = new RealInput
        {
            Prepare = RealInput.Fixture("goapp"),
            Command = ["/bin/sh", "-c", "go build -o app main.go && ./app"],
            Environment = Plain.Add("GO111MODULE", "off").Add("GOFLAGS", "").Add("GOCACHE", Path.Combine(Path.GetTempPath(), "catbox-go-cache")),
            AlsoWritable = [Path.Combine(Path.GetTempPath(), "catbox-go-cache")],
        };
        await BothWaysAsync(input);
    }

    [SkippableFact]
    public async Task A_Java_program_is_compiled_and_does_as_outside()
    {
        Tools.Need("javac", "default-jdk-headless");
        using var input = new RealInput
        {
            Prepare = RealInput.Fixture("javaapp"),
            Command = ["/bin/sh", "-c", "javac -d classes Busy.java && java -cp classes Busy"],
            Environment = Plain,
            // Where the virtual machine offers its counters, whatever TMPDIR says; it does without.
            Silent = ["/tmp/hsperfdata_*"],
        };
        await BothWaysAsync(input);
    }

    private static ImmutableDictionary<string, string?> Plain { get; } = ImmutableDictionary<string, string?>.Empty.Add("LC_ALL", "C").Add("OUTSIDE", null);

    private async Task BothWaysAsync(RealInput input)
    {
        var outside = input.Scratch.Out("log");
        var run = await input.RunBothAsync(engine, outside);
        Assert.Contains("refused", run.Output, StringComparison.Ordinal);
        // The virtual machine looks which sockets there are, with the network off.
        var files = run.Result.Violations.Where(static v => v.Operation != "socket").Select(static v => v.ResolvedText);
        Assert.Equal([outside], files);
    }
}
