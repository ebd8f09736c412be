using System.Globalization;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>What this machine has of Landlock, and engines that take it for another.</summary>
internal static class LandlockMachine
{
    /// <summary>The version that engines are to take the kernel's for, by CATBOX_TEST_LANDLOCK_ABI; null for what it is.</summary>
    public static int? Assumed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CATBOX_TEST_LANDLOCK_ABI"), CultureInfo.InvariantCulture, out var abi) ? abi : null;

    /// <summary>The ABI version; 0 where there is none.</summary>
    public static int Abi { get; } = Assumed ?? (MachineReport.Ask() is { Landlock.IsSuccess: true } facts ? facts.LandlockAbi : 0);

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
    public static Task<GuestRun> RunOnTheFloorAsync(SandboxSpec spec) => RunAsync(spec, new SandboxRunnerOptions { FloorAlone = true, LandlockAbi = Assumed });
}
