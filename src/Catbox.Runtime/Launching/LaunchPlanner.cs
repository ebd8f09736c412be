using System.Collections.Immutable;
using System.Globalization;
using Catbox.Policy;
using Catbox.Policy.Filtering;
using Catbox.Policy.Paths;
using Catbox.Runtime.Diagnostics;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <summary>Turns a <see cref="SandboxSpec"/> into a <see cref="LaunchPlan"/>: finds the program, composes the environment, orders the steps.</summary>
internal static partial class LaunchPlanner
{
    private const int SYS_rt_sigaction = 13;
    private const int SYS_execve = 59;
    private const int SYS_chdir = 80;
    private const int SYS_setpgid = 109;
    private const int SYS_prctl = 157;
    private const int SYS_setrlimit = 160;
    private const int SYS_seccomp = 317;
    private const int SYS_close_range = 436;
    private static readonly GuestString Shell = "/bin/sh";

    /// <summary>
    /// The entries of the guest's environment: what it inherits, in the host's order and as it is, then what is set, by name.
    /// </summary>
    /// <exception cref="ArgumentException">A name is empty or has a <c>=</c>.</exception>
    public static ImmutableArray<GuestString> Environment(SandboxSpec spec, GuestString? temporaryDirectory)
    {
        var overrides = spec.Environment;
        foreach (var name in overrides.Keys)
        {
            if (name.Bytes.IsEmpty || name.Bytes.Contains((byte)'='))
            {
                throw new ArgumentException($"'{PathText.Escape(name.Bytes)}' is not the name of an environment variable", nameof(spec));
            }
        }

        if (temporaryDirectory is not null)
        {
            overrides = overrides.SetItem("TMPDIR", temporaryDirectory);
        }

        var all = ImmutableArray.CreateBuilder<GuestString>();
        if (spec.InheritEnvironment)
        {
            foreach (var entry in HostEnvironment.Read())
            {
                var length = HostEnvironment.NameLength(entry);
                if (length <= 0 || !overrides.ContainsKey(new GuestString(entry.Bytes[..length])))
                {
                    all.Add(entry);
                }
            }
        }

        var set = all.Count;
        foreach (var (name, value) in overrides)
        {
            if (value is { } given)
            {
                all.Add(new GuestString([.. name.Bytes, (byte)'=', .. given.Bytes]));
            }
        }

        // A hash's order is another one in each process; what two runs are given should not be.
        all.Sort(set, all.Count - set, Comparer<GuestString>.Create(static (a, b) => a.Bytes.SequenceCompareTo(b.Bytes)));
        return all.ToImmutable();
    }

    /// <summary>
    /// Finds a program as execvp(3) does.
    /// </summary>
    /// <exception cref="SandboxLaunchException">127 where there is none, 126 where it cannot be executed.</exception>
    public static GuestString FindProgram(GuestString program, ImmutableArray<GuestString> environment, GuestString? workingDirectory)
    {
        if (program.Bytes.IsEmpty)
        {
            throw new SandboxLaunchException("the command is empty", "execve", 0, Errno.ENOENT, 127);
        }

        if (program.Bytes.Contains((byte)'/'))
        {
            return CheckProgram(program, workingDirectory) is { IsSuccess: false } error ? throw NotRunnable(program, error) : program;
        }

        var path = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"u8.ToArray();
        foreach (var entry in environment)
        {
            if (entry.Bytes.StartsWith("PATH="u8))
            {
                path = entry.Bytes[5..].ToArray();
                break; // of two, getenv(3) answers the first
            }
        }

        var found = Errno.ENOENT;
        foreach (var range in path.AsSpan().Split((byte)':'))
        {
            var directory = path.AsSpan(range);
            var candidate = new GuestString(directory.IsEmpty ? program.Bytes : [.. directory, (byte)'/', .. program.Bytes]);
            var error = CheckProgram(candidate, workingDirectory);
            if (error.IsSuccess)
            {
                return candidate;
            }

            // A directory that may not be searched says nothing of the program: as shells have it, that is not found, and not "not executable".
            if (error == Errno.EACCES && IsThere(candidate, workingDirectory))
            {
                found = error;
            }
        }

        throw NotRunnable(program, found);
    }

    /// <summary>The steps, in order; <paramref name="floor"/> are those of a Landlock domain. Without a filter, nothing of the guest is ever stopped.</summary>
    public static ImmutableArray<LaunchStep> Steps(
        SandboxSpec spec,
        GuestString program,
        ImmutableArray<GuestString> environment,
        FilterProgram? filter,
        ulong openFilesSoft,
        ulong openFilesHard,
        ReadOnlySpan<LaunchStep> floor = default)
    {
        var steps = ImmutableArray.CreateBuilder<LaunchStep>();
        if (!spec.ShareTerminal)
        {
            steps.Add(new("setpgid", SYS_setpgid, [0, 0]));
        }

        // The C library's own two signals are left ignored by its posix_spawn, and would stay so through the exec.
        var byDefault = new LaunchArgument.Bytes([.. new byte[32]]);
        steps.Add(new("rt_sigaction 32 SIG_DFL", SYS_rt_sigaction, [32, byDefault, 0, 8]));
        steps.Add(new("rt_sigaction 33 SIG_DFL", SYS_rt_sigaction, [33, byDefault, 0, 8]));
        steps.Add(new("close_range", SYS_close_range, [3, 0xffffffffL, 0]));
        var limits = new byte[16];
        BitConverter.TryWriteBytes(limits, openFilesSoft);
        BitConverter.TryWriteBytes(limits.AsSpan(8), openFilesHard);
        steps.Add(new("setrlimit RLIMIT_NOFILE", SYS_setrlimit, [7, new LaunchArgument.Bytes([.. limits])]));
        if (HostLimits.FileSize is var (soft, hard))
        {
            byte[] former = [.. BitConverter.GetBytes(soft), .. BitConverter.GetBytes(hard)];
            steps.Add(new("setrlimit RLIMIT_FSIZE", SYS_setrlimit, [1, new LaunchArgument.Bytes([.. former])]));
        }

        steps.Add(new("prctl PR_SET_NO_NEW_PRIVS", SYS_prctl, [38, 1, 0, 0, 0]));
        steps.AddRange(floor);

        // Behind the floor, whose paths may start where the host stands.
        if (spec.WorkingDirectory is { } directory)
        {
            steps.Add(new("chdir", SYS_chdir, [LaunchArgument.String(directory)]));
        }

        if (filter is not null)
        {
            steps.Add(new("seccomp SECCOMP_SET_MODE_FILTER", SYS_seccomp, [1, 0, new LaunchArgument.Filter([.. filter.ToBytes()])]));
        }

        // execvp(3): what has no magic number is run by the shell.
        var argv = new LaunchArgument.Strings(spec.Command);
        var envp = new LaunchArgument.Strings(environment, IsSecret: true);
        steps.Add(new("execve", SYS_execve, [LaunchArgument.String(program), argv, envp], Errno.ENOEXEC));
        steps.Add(new("execve", SYS_execve,
            [LaunchArgument.String(Shell), new LaunchArgument.Strings([Shell, program, .. spec.Command.Skip(1)]), envp]));
        return steps.ToImmutable();
    }

    /// <summary>
    /// Signals that this host was started with ignored (nohup, a background job), so that they stay ignored. SIGPIPE is not among them: .NET ignores
    /// it for itself, and a guest that inherits that never dies of a closed pipe.
    /// </summary>
    public static ulong IgnoredSignals()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("SigIgn:", StringComparison.Ordinal))
            {
                var mask = ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                return mask & ~(1UL << (Signals.SIGPIPE - 1)) & ~HostLimits.IgnoredHere;
            }
        }

        return 0;
    }

    /// <summary>The soft limit of open files that the host itself was given: .NET raises its own to the hard limit at start.</summary>
    public static ulong OriginalOpenFilesLimit(ulong hard)
    {
        const ulong usual = 1024;
        try
        {
            var parent = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
            var line = File.ReadLines($"/proc/{parent}/limits").First(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
            var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return Math.Min(hard, ulong.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : usual);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Math.Min(hard, usual);
        }
    }

    private static byte[] PathOf(GuestString program, GuestString? workingDirectory) => program.Bytes[0] == '/' || workingDirectory is null
        ? [.. program.Bytes, 0]
        : [.. workingDirectory.Value.Bytes, (byte)'/', .. program.Bytes, 0];

    private static bool IsThere(GuestString program, GuestString? workingDirectory) => Io.Access(PathOf(program, workingDirectory), 0).IsSuccess;

    private static Errno CheckProgram(GuestString program, GuestString? workingDirectory)
    {
        var path = PathOf(program, workingDirectory);
        var error = Io.Access(path, 1);
        if (!error.IsSuccess)
        {
            return error;
        }

        return HostFiles.KindOf(path.AsSpan(..^1)) == FileKind.Directory ? Errno.EACCES : Errno.None;
    }

    private static SandboxLaunchException NotRunnable(GuestString program, Errno error)
    {
        var shown = PathText.Escape(program.Bytes);
        return error == Errno.EACCES || error == Errno.ENOEXEC || error == Errno.EISDIR
            ? new SandboxLaunchException($"{shown}: not executable ({error})", "execve", 0, error, 126)
            : new SandboxLaunchException($"{shown}: command not found ({error})", "execve", 0, error, 127);
    }
}
