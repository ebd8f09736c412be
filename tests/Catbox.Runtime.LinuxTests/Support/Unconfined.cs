using System.Diagnostics;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Runs a program without a sandbox: what the confined run is compared with.</summary>
internal static class Unconfined
{
    public static UnconfinedRun Run(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return new UnconfinedRun(process.ExitCode, output.ToArray(), error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a program and leaves it running; the caller ends it.</summary>
    public static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");

    /// <summary>Runs a guest where every write that a policy would refuse is expected to work.</summary>
    public static UnconfinedRun RunGuest(string name, string directory, params string[] arguments) =>
        Run(Guests.Build(name), arguments, directory, new Dictionary<string, string?> { ["GUEST_WRITE_ERRNO"] = "0" });

    /// <summary>Sends a signal to a process (by the kill program: .NET has no kill).</summary>
    public static void Signal(int pid, string signal) => Run("/bin/sh", ["-c", $"kill -{signal} {pid}"]).Succeeded();
}
