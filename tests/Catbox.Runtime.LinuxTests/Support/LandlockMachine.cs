using Catbox.Runtime.Diagnostics;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>What this machine has of Landlock, and engines that take it for another.</summary>
internal static class LandlockMachine
{
    /// <summary>The ABI version; 0 where there is none.</summary>
    public static int Abi { get; } = MachineReport.Ask() is { Landlock.IsSuccess: true } facts ? facts.LandlockAbi : 0;

    /// <summary>Skips the test where Landlock is older.</summary>
    public static void Need(int abi) => Skip.If(Abi < abi, $"Landlock has ABI version {Abi} here, and the test needs {abi}");

    /// <summary>A run in an engine of its own.</summary>
    public static async Task<GuestRun> RunAsync(SandboxSpec spec, SandboxRunnerOptions options)
    {
        await using var runner = SandboxRunner.CreateStandalone(options);
        await using var sandbox = await runner.StartAsync(spec);
        return await EngineFixture.FinishAsync(sandbox, spec);
    }

    /// <summary>A run without the filter, so that nothing is judged: what is refused, the Landlock domain refuses.</summary>
    public static Task<GuestRun> RunOnTheFloorAsync(SandboxSpec spec) => RunAsync(spec, new SandboxRunnerOptions { FloorAlone = true });
}
