using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Catbox.Runtime.LinuxTests;

/// <summary>
/// What the tracer thread asks of the kernel for one stop of each kind, counted from outside: each call more is one that every stop of every build pays.
/// A number that changes is to be changed here, with the reason, and in the tables of docs/adr/0010 and 0014.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed partial class KernelCallTests(EngineFixture engine)
{
    private const int Hundreds = 8;

    // A refused call comes (wait4, GETREGS), its path is read (process_vm_readv), it is answered (SETREGS, CONT).
    private static readonly string[] s_refused = ["wait4", "PTRACE_GETREGS", "process_vm_readv", "PTRACE_SETREGS", "PTRACE_CONT"];

    // To the call's end, where the guest's own registers come back.
    private static readonly string[] s_rewritten = ["PTRACE_SETREGS", "PTRACE_SYSCALL", "wait4", "PTRACE_GETREGS", "PTRACE_SETREGS", "PTRACE_CONT"];

    private static readonly string[] s_spawned =
    [
        // The maker's event: who the child is, and what it shares.
        "wait4", "PTRACE_GETEVENTMSG", "PTRACE_GETREGS", "PTRACE_CONT",
        // The child's first stop.
        "wait4", "PTRACE_CONT",
        // Its new program: which thread did it, what it is (/proc/PID/exe) and with which arguments (/proc/PID/cmdline).
        "wait4", "PTRACE_GETEVENTMSG", "readlinkat", "openat", "read", "close", "PTRACE_CONT",
        // Its end, and the SIGCHLD that tells its maker of it: whether it ended a call that has to be made again.
        "wait4", "wait4", "PTRACE_GETREGS", "PTRACE_CONT",
    ];

    // What goes by time and not by stops: placement and the auditor's wake-up; .NET's heap, which the actor of a new process is made on; and its handler
    // of the SIGCHLD that the end of a guest sends, on whichever thread that arrives.
    private static readonly string[] s_byTime =
        ["sched_setaffinity", "sched_yield", "futex", "madvise", "mprotect", "mmap", "munmap", "write", "rt_sigreturn"];

    [SkippableFact]
    public Task A_refused_open_by_an_absolute_path() =>
        CostsAsync("open", static scratch => scratch.Out("refused"), [.. s_refused, "openat2", "statx", "close"]);

    [SkippableFact]
    public Task A_refused_open_by_a_name_in_the_working_directory() =>
        CostsAsync("open", static _ => "refused", [.. s_refused, "readlinkat", "statx"]);

    [SkippableFact]
    public Task A_refused_open_by_a_relative_path() =>
        CostsAsync("open", static _ => "a/b/refused", [.. s_refused, "openat", "openat2", "readlinkat", "statx", "close", "close"]);

    [SkippableFact]
    public Task A_refused_mkdir() => CostsAsync("mkdir", static scratch => scratch.Out("refused"), [.. s_refused, "openat2", "statx", "close"]);

    [SkippableFact]
    public Task An_allowed_open_for_writing() =>
        CostsAsync("write", static scratch => scratch.In("allowed"),
        [
            "wait4", "PTRACE_GETREGS", "process_vm_readv", "openat2", "statx", "close",
            // Into the slot.
            "pwrite64", .. s_rewritten,
        ]);

    [SkippableFact]
    public Task A_fork_an_execve_and_the_end_of_the_child() => CostsAsync("spawn", static _ => Program("does_nothing"), s_spawned);

    /// <summary>What a program pays once, at its first call that needs a slot.</summary>
    [SkippableFact]
    public Task A_fork_an_execve_and_a_first_open_for_writing()
    {
        Skip.IfNot(Engine.Seals, "mseal(2) is not there: Linux 6.11 or later");
        return CostsAsync("spawn", static _ => Program("opens_once"),
        [
            .. s_spawned,
            // Its memory is opened once, and closed at its end. The call is judged, and made as mmap.
            "openat", "wait4", "PTRACE_GETREGS", "process_vm_readv", "openat2", "statx", "close", .. s_rewritten, "close",
            // It comes again, and is made as mseal; smaps is read up to the pool.
            "wait4", "PTRACE_GETREGS", "process_vm_readv", "openat2", "statx", "close", .. s_rewritten, "openat", "read", "read", "close",
            // It comes again, and is made in the slot.
            "wait4", "PTRACE_GETREGS", "process_vm_readv", "openat2", "statx", "close", "pwrite64", .. s_rewritten,
        ]);
    }

    private static string Program(string guest)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "the tracer of an ordinary user judges each execve too: a program that it may not read would blind it");
        return Guests.Build(guest);
    }

    /// <summary>Runs the guest that repeats one thing, and compares what the tracer does for each with what is expected.</summary>
    private async Task CostsAsync(string kind, Func<Scratch, string> path, string[] expected)
    {
        Skip.IfNot(File.Exists("/usr/bin/strace"), "strace is not there: apt-get install strace");
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Out("a/b"));
        var spec = EngineFixture.Guest("repeats", scratch, kind, path(scratch)) with
        {
            WorkingDirectory = scratch.Outside,
            StandardInput = GuestStream.Piped,
            MaxViolationsKept = 1,
        };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        await HundredsAsync(sandbox, 2);
        var calls = Count(await WatchAsync(sandbox, scratch.Out("strace")), Doorbell(sandbox));
        await sandbox.StandardInput.DisposeAsync();
        await sandbox.StandardOutput.CopyToAsync(Stream.Null);
        Assert.Equal(0, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);

        // To one decimal: the wait that strace interrupted when it came is there twice.
        var each = calls.Select(static c => (c.Key, Times: Math.Round((double)c.Value / (100 * Hundreds), 1))).Where(static c => c.Times > 0).Select(static c => $"{c.Times} {c.Key}");
        Assert.Equal(
            expected.GroupBy(static c => c).Select(static c => $"{c.Count()} {c.Key}").Order(StringComparer.Ordinal),
            each.Order(StringComparer.Ordinal));
    }

    /// <summary>Watches the tracer of a session while the guest does some hundred more.</summary>
    /// <returns>Its kernel calls, as strace(1) writes them.</returns>
    private static async Task<string[]> WatchAsync(Sandbox sandbox, string log)
    {
        // What the status calls a pid is the thread that attached.
        var tracer = Field(sandbox.Pid, "TracerPid:").ToString(CultureInfo.InvariantCulture);
        using var strace = Process.Start(new ProcessStartInfo("/usr/bin/strace", ["-e", "signal=none", "-o", log, "-p", tracer]) { RedirectStandardError = true })!;
        var attached = await strace.StandardError.ReadLineAsync();
        Skip.If(attached is null || !attached.Contains("attached", StringComparison.Ordinal), $"strace may not attach here: {attached}");
        await HundredsAsync(sandbox, Hundreds);
        using (var interrupt = Process.Start("/bin/kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync();
        }

        await strace.WaitForExitAsync();
        return await File.ReadAllLinesAsync(log);
    }

    private static Dictionary<string, int> Count(string[] log, int doorbell)
    {
        // The doorbell's rings, and the looks at how long a task had to wait for a CPU (open, read, close), go by time and not by stops.
        var calls = new Dictionary<string, int>();
        for (var i = 0; i < log.Length; i++)
        {
            if (log[i].Contains("/schedstat\"", StringComparison.Ordinal))
            {
                // Read and closed, unless the task has gone meanwhile.
                i += log[i].Contains(" = -1 ", StringComparison.Ordinal) ? 0 : 2;
            }
            else if (Call().Match(log[i]) is { Success: true } call && !s_byTime.Contains(call.Groups["name"].Value)
                && call.Groups["task"].Value != $"{doorbell}" && !log[i].EndsWith($" = {doorbell}", StringComparison.Ordinal))
            {
                // Two neighbours are closed by one close_range; whether they are neighbours is up to what else is open.
                var (name, times) = call.Groups["name"].Value == "close_range" ? ("close", 2) : (call.Groups["name"].Value, 1);
                calls[name] = calls.GetValueOrDefault(name) + times;
            }
        }

        return calls;
    }

    /// <summary>The child of ours that the tracer traces beside the guest.</summary>
    private static int Doorbell(Sandbox sandbox)
    {
        var tracer = Field(sandbox.Pid, "TracerPid:");
        return Processes().Single(pid => pid != sandbox.Pid && Field(pid, "TracerPid:") == tracer && Field(pid, "PPid:") == Environment.ProcessId);

        static IEnumerable<int> Processes() => Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Select(static name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(static pid => pid > 0);
    }

    /// <summary>A number of a process's status (proc_pid_status(5)); -1 where the process is gone.</summary>
    private static int Field(int pid, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? -1 : int.Parse(line.AsSpan(name.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    /// <summary>Asks the guest for some hundred more, and waits until it has done them.</summary>
    private static async Task HundredsAsync(Sandbox sandbox, int count)
    {
        await sandbox.StandardInput.WriteAsync(new byte[count]);
        await sandbox.StandardOutput.ReadExactlyAsync(new byte[count]).AsTask().WaitAsync(EngineFixture.Deadline);
    }

    // ptrace is one call for many: its request is the name.
    [GeneratedRegex(@"^(?:ptrace\((?<name>\w+), (?<task>\d+)|(?<name>\w+)\()")]
    private static partial Regex Call();
}
