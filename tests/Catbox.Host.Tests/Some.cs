using System.Collections.Immutable;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime;

namespace Catbox.Host.Tests;

/// <summary>Values for tests.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Violation Violation(
        string resolved, ViolationSubject subject = ViolationSubject.Write, string operation = "openat", bool letThrough = false) =>
        Violation(Encoding.UTF8.GetBytes(resolved), subject, operation, letThrough);

    public static Violation Violation(
        byte[] resolved, ViolationSubject subject = ViolationSubject.Write, string operation = "openat", bool letThrough = false) =>
        new()
        {
            Pid = 4711,
            Generation = 7,
            Time = Time,
            Tid = 4712,
            Operation = operation,
            Given = [.. "given"u8],
            Resolved = [.. resolved],
            Errno = new Errno(13),
            LetThrough = letThrough,
            Subject = subject,
            Executable = "/usr/bin/sh",
        };

    public static StopCounts Stops { get; } = new()
    {
        Seccomp = 10,
        Fork = 2,
        Exec = 3,
        ChildStart = 2,
        Signal = 1,
        BySyscall = ImmutableSortedDictionary<string, long>.Empty.Add("openat", 7).Add("unlink", 3),
    };

    public static SandboxResult Result(
        EndReason reason = EndReason.Exited, int code = 0, int signal = 0, ImmutableArray<Violation> violations = default, long? count = null, string? fault = null)
    {
        ImmutableArray<Violation> kept = violations.IsDefault ? [] : violations;
        return new SandboxResult
        {
            Reason = reason,
            Exit = new ExitStatus(code, signal, false),
            Violations = kept,
            ViolationCount = count ?? kept.Length,
            Processes =
            [
                new ProcessRecord(4711, 1, 0, 0, "/usr/bin/make", ["make", "-j"], Time, Time.AddSeconds(1), new ExitStatus(0, 0, false), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(30), 1 << 20, 1),
            ],
            WallTime = TimeSpan.FromSeconds(1),
            UserTime = TimeSpan.FromMilliseconds(20),
            SystemTime = TimeSpan.FromMilliseconds(30),
            PeakMemory = 1 << 20,
            Stops = Stops,
            Fault = fault,
        };
    }
}
