namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>
/// The one place where the tests make an engine. With CATBOX_TEST_LANDLOCK_ABI=N in the environment it takes the kernel's Landlock for one of version N: the
/// tests must pass as well with 0.
/// </summary>
internal static class Engine
{
    public static ISandboxRunner Create() => SandboxRunner.CreateStandalone(new SandboxRunnerOptions { LandlockAbi = LandlockMachine.Assumed });
}
