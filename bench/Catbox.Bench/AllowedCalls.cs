#if CATBOX_TEST_BUILD
using Catbox.Policy.Rules;
using Catbox.Runtime;
#endif

namespace Catbox.Bench;

/// <summary>Runs a guest of allowed calls, which prints what they cost it.</summary>
internal static class AllowedCalls
{
    /// <summary>Runs it to its end; its output is ours.</summary>
    /// <param name="way">How its calls are made: <c>product</c>, as the engine makes them; <c>continue</c>, they go on as they stand; <c>bare</c>, a call in a slot has
    /// no stop at its end. The other ways' costs are taken from the last two.</param>
    /// <param name="directory">What it may write to.</param>
    /// <param name="command">The guest and its arguments.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string way, string directory, string[] command)
    {
#if CATBOX_TEST_BUILD
        await using var runner = SandboxRunner.CreateStandalone(new SandboxRunnerOptions());
        await using var sandbox = await runner.StartAsync(new SandboxSpec
        {
            Command = [.. command],
            Policy = new SandboxPolicy { Writable = [directory] },
            JudgesAndContinues = way == "continue",
            SkipsExitStops = way == "bare",
        });
        return (await sandbox.Completion).Exit.Code;
#else
        await Console.Error.WriteLineAsync($"Catbox.Bench: {command[0]} in {directory}, {way}: this is no test build (-p:CatboxTestBuild=true)");
        return 2;
#endif
    }
}
