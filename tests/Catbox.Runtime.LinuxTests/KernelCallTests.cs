using System.Diagnostics;
using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What the tracer thread does for a stop, counted from outside: each kernel call more is one that every stop of every build pays.</summary>
[Collection("engine")]
[Trait("Category", "Ptrace")]
public sealed class KernelCallTests
{
    private const int Stops = 200;

    [SkippableFact]
    public async Task A_denied_open_costs_the_tracer_eight_kernel_calls()
    {
        using var scratch = new Scratch();
        var calls = await CountAsync(scratch, "denied_until_told");
        var stops = calls["pread64"]; // one path is read for each
        Assert.Equal(1.0, Math.Round(calls["openat2"] / stops, 1));
        Assert.Equal(1.0, Math.Round(calls["statx"] / stops, 1));
        Assert.Equal(1.0, Math.Round(calls["close"] / stops, 1));

        // GETREGS, SETREGS, CONT and wait4; what is above that are rings of the doorbell, so many a second and not per stop.
        Assert.InRange(calls["ptrace"] / stops, 2.9, 3.5);
        Assert.InRange(calls["wait4"] / stops, 0.9, 1.5);
        Assert.InRange(calls.Values.Sum() / stops, 7.9, 9.0);
    }

    [SkippableFact]
    public async Task An_allowed_open_costs_the_tracer_thirteen_kernel_calls()
    {
        using var scratch = new Scratch();
        var calls = await CountAsync(scratch, "opens_until_told", scratch.In("file"));
        var stops = calls["pread64"];
        Assert.Equal(1.0, Math.Round(calls["openat2"] / stops, 1));
        Assert.Equal(1.0, Math.Round(calls["statx"] / stops, 1));
        Assert.Equal(1.0, Math.Round(calls["close"] / stops, 1));

        // The slot: pwrite, SETREGS and SYSCALL; its end: wait4, GETREGS, SETREGS and CONT. Before them wait4 and GETREGS.
        Assert.Equal(1.0, Math.Round(calls["pwrite64"] / stops, 1));
        Assert.InRange(calls["ptrace"] / stops, 5.9, 6.5);
        Assert.InRange(calls["wait4"] / stops, 1.9, 2.5);
        Assert.InRange(calls.Values.Sum() / stops, 12.8, 14.0);
    }

    /// <summary>The tracer's kernel calls by name, while a guest makes a stream of one kind of stop.</summary>
    private static async Task<Dictionary<string, double>> CountAsync(Scratch scratch, string guest, params GuestString[] arguments)
    {
        Skip.IfNot(File.Exists("/usr/bin/strace"), "strace is not there: apt-get install strace");
        var others = TracerThreads();
        await using var runner = SandboxRunner.CreateStandalone();
        var watched = new ManualResetEventSlim();
        var until = DateTimeOffset.MaxValue;
        var spec = EngineFixture.Guest(guest, scratch, arguments) with { StandardInput = GuestStream.Piped, MaxViolationsKept = 1 };
        await using var sandbox = await runner.StartAsync(spec, new SandboxHooks
        {
            Violation = violation =>
            {
                // By the time of the stop and not by a count: what was on its way to the hook when strace attached was not seen by it.
                if (violation.Time > until)
                {
                    watched.Set();
                }
            },
        });
        var tracer = Assert.Single(TracerThreads().Except(others));

        var report = Path.Combine(scratch.Outside, "strace");
        using var strace = Process.Start(new ProcessStartInfo("/usr/bin/strace", ["-c", "-o", report, "-p", tracer]) { RedirectStandardError = true })!;
        var attached = await strace.StandardError.ReadLineAsync();
        Skip.If(attached is null || !attached.Contains("attached", StringComparison.Ordinal), $"strace may not attach here: {attached}");
        until = DateTimeOffset.UtcNow.AddSeconds(1);
        await Task.Run(() => watched.Wait(TimeSpan.FromMinutes(1)));
        using (var interrupt = Process.Start("/bin/kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync();
        }

        await strace.WaitForExitAsync();
        await sandbox.StandardInput.DisposeAsync();
        await sandbox.Completion;

        // "% time  seconds  usecs/call  calls  [errors]  syscall"
        var calls = File.ReadLines(report).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length >= 5 && char.IsAsciiDigit(columns[0][0]) && columns[^1] != "total")
            .ToDictionary(columns => columns[^1], columns => double.Parse(columns[3], CultureInfo.InvariantCulture));
        Assert.True(calls["pread64"] >= Stops, $"only {calls["pread64"]} stops were seen");
        return calls;
    }

    private static List<string> TracerThreads() =>
        [.. Directory.GetDirectories("/proc/self/task").Where(task => File.ReadAllText(task + "/comm").StartsWith("catbox tracer", StringComparison.Ordinal))
            .Select(task => Path.GetFileName(task))];
}
