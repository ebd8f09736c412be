using System.Globalization;
using Catbox.Policy.Enforcement;
using Xunit.Abstractions;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>
/// What was judged is what happens: each mechanism that changes what an argument says between two readings, with each call, against the engine, against the
/// engine that judges and continues, and against nobody.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class RaceTests(EngineFixture engine, ITestOutputHelper output)
{
    /// <summary>An engine that judges and continues is beaten long before this; a guest that has not won by then cannot.</summary>
    private const int Plenty = 200_000;

    /// <summary>Tries where all CPUs are busy; an engine whose walks rest on old answers lost two of three within 1,600.</summary>
    private const int BusyTries = 3_000;

    /// <summary>
    /// Tries of each combination. `.ci/run` makes 20,000 and `make soak` 200,000. An engine that judges and continues mostly loses within a hundred.
    /// </summary>
    private static readonly int s_tries = int.Parse(Environment.GetEnvironmentVariable("CATBOX_RACE_TRIES") ?? "1000", CultureInfo.InvariantCulture);

    public static TheoryData<string, string> Withstood => RaceTable.Rows(static (_, _) => true);

    public static TheoryData<string, string> WonAgainstJudging => RaceTable.Rows(RaceTable.IsWonAgainstJudging);

    public static TheoryData<string, string> WonUnconfined => RaceTable.Rows(RaceTable.IsWonUnconfined);

    [SkippableTheory]
    [MemberData(nameof(Withstood))]
    public Task No_race_is_won(string mechanism, string call) => WithstandAsync(mechanism, call, s_tries);

    /// <summary>There the tracer's helpers come late, and so do their answers: what a quiet machine does not show.</summary>
    [SkippableTheory]
    [InlineData("bind")]
    [InlineData("connect")]
    [InlineData("sendto")]
    public async Task No_race_for_the_path_of_a_socket_is_won_where_all_CPUs_are_busy(string call)
    {
        var busy = Enumerable.Range(0, Environment.ProcessorCount + 1).Select(static _ => Unconfined.Start("/bin/sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            await WithstandAsync("race_exchange", call, BusyTries);
        }
        finally
        {
            busy.ForEach(static process =>
            {
                process.Kill();
                process.Dispose();
            });
        }
    }

    private async Task WithstandAsync(string mechanism, string call, int tries)
    {
        using var race = new Race(mechanism, call);
        var run = (await engine.RunAsync(race.Spec(tries))).Succeeded();
        output.WriteLine(run.Output);
        if (!Engine.Seals && RaceTable.RestsOnSeals(call))
        {
            // It may be won, and is not held to be impossible.
            Assert.Contains(run.Result.Rules, static rule => rule.Level == EnforcementLevel.Advisory && rule.Reason.Contains("no mseal", StringComparison.Ordinal));
            return;
        }

        Assert.StartsWith($"not won in {tries}: ", run.Output, StringComparison.Ordinal);
        Assert.False(race.IsWon);
    }

#if CATBOX_TEST_BUILD
    [SkippableTheory]
    [MemberData(nameof(WonAgainstJudging))]
    public async Task An_engine_that_judges_and_continues_is_beaten(string mechanism, string call)
    {
        using var race = new Race(mechanism, call);
        var run = (await engine.RunAsync(race.Spec(Plenty) with { JudgesAndContinues = true })).Succeeded();
        output.WriteLine(run.Output);
        Assert.StartsWith("won at ", run.Output, StringComparison.Ordinal);
        Assert.True(race.IsWon);
    }
#endif

    [SkippableTheory]
    [MemberData(nameof(WonUnconfined))]
    public void Without_a_sandbox_it_is_won(string mechanism, string call)
    {
        using var race = new Race(mechanism, call);
        Assert.StartsWith("won at ", race.RunUnconfined(Plenty).Output, StringComparison.Ordinal);
        Assert.True(race.IsWon);
    }
}
