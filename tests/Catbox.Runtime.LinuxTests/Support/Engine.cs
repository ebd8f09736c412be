namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>The one place where the tests make an engine.</summary>
internal static class Engine
{
    public static ISandboxRunner Create() => SandboxRunner.CreateStandalone(new SandboxRunnerOptions());
}
