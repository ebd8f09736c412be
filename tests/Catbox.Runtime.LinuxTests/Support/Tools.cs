namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Programs that a test needs and a machine may lack.</summary>
internal static class Tools
{
    /// <summary>Skips the test where a program is not in the PATH.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">Debian's package, where that has another one.</param>
    public static void Need(string program, string? package = null) => Skip.If(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').All(directory => !File.Exists(Path.Combine(directory, program))),
        $"there is no {program} in the PATH: apt-get install {package ?? program}");

    /// <summary>The real Python behind a wrapper that may be first in the PATH; skips where there is none that runs.</summary>
    public static string Python()
    {
        Need("python3");
        var run = Unconfined.Run("python3", ["-c", "import sys; print(sys.executable)"]);
        Skip.If(run.Code != 0, "python3 does not run");
        return run.Output.Trim();
    }
}
