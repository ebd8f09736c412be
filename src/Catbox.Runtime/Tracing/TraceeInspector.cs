using System.Globalization;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing;

/// <summary>Facts of a live process out of /proc. Off the hot path: at an exec, at a stranger, at a refused call.</summary>
/// <param name="far">Keeps it from asking file systems that may not answer.</param>
internal sealed partial class TraceeInspector(FarMemory far) : ITraceeInspector
{
    private const int MaxArguments = 64;
    private const int MaxArgumentBytes = 4096;

    private readonly KernelAnswers _answers = new();

    /// <summary>Thread group and parent of a task; zeros where it is gone.</summary>
    public static (int Group, int Parent) ReadRelations(int tid)
    {
        int group = 0, parent = 0;
        try
        {
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{tid}/status")))
            {
                if (line.StartsWith("Tgid:", StringComparison.Ordinal))
                {
                    group = int.Parse(line.AsSpan(5).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
                }
                else if (line.StartsWith("PPid:", StringComparison.Ordinal))
                {
                    parent = int.Parse(line.AsSpan(5).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }

        return (group, parent);
    }

    /// <inheritdoc/>
    public (string Executable, string[] Arguments) ReadProgram(int pid)
    {
        Span<byte> name = stackalloc byte[ProcPath.Size];
        Span<byte> buffer = stackalloc byte[MaxArgumentBytes];
        var executable = ReadExecutable(pid, buffer, out var length).IsSuccess
            ? PathText.Escape(buffer[..length])
            : string.Empty;
        if (!Io.Open(ProcPath.Write(name, pid, "/cmdline"u8), Io.O_RDONLY, 0, out var fd).IsSuccess)
        {
            return (executable, []);
        }

        _ = Io.Read(fd, buffer, out length);
        Io.Close(fd);
        var text = buffer[..length].TrimEnd((byte)0);
        var arguments = new List<string>();
        foreach (var range in text.Split((byte)0))
        {
            if (arguments.Count == MaxArguments)
            {
                break;
            }

            arguments.Add(PathText.Escape(text[range]));
        }

        return (executable, [.. arguments]);
    }

    /// <inheritdoc/>
    public int GroupOf(int pid) => Signals.GroupOf(pid);

    /// <summary>The flags that a descriptor was opened with (proc_pid_fdinfo(5)), or null where that cannot be told.</summary>
    public static int? ReadDescriptorFlags(int tid, int fd)
    {
        try
        {
            return ReadDescriptorField(tid, fd, "flags:") is { } flags ? Convert.ToInt32(flags, 8) : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public int ProcessOfPidFd(int tid, int fd) =>
        int.TryParse(ReadDescriptorField(tid, fd, "Pid:"), NumberStyles.None, CultureInfo.InvariantCulture, out var target) ? target : 0;

    /// <inheritdoc/>
    public int FamilyBoundByListen(int pid, int tid, int fd) => Sockets.FamilyBoundByListen(pid, tid, fd);

    /// <inheritdoc/>
    public IKernelAnswers AnswersTo(int pid, int tid) => _answers.Bind(pid, tid);

    /// <inheritdoc/>
    public (bool Exists, bool IsZombie) Look(int pid)
    {
        try
        {
            // The name in parentheses may contain anything; the state follows the last one.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var close = stat.LastIndexOf(')');
            return (true, close >= 0 && close + 2 < stat.Length && stat[close + 2] == 'Z');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not to be seen is not to be gone: a /proc that hides the processes of others.
            return (Signals.Kill(pid, 0) != Errno.ESRCH, false);
        }
    }

    /// <inheritdoc/>
    public bool CanRead(ReadOnlySpan<byte> canonical)
    {
        if (!far.Mounts.IsBusy && !far.Mounts.Hold(canonical))
        {
            return IsReadable(canonical);
        }

        if (far.TryRecall(FarQuestionKind.Readable, 0, canonical, ResolveOptions.None, out var errno))
        {
            return errno.IsSuccess;
        }

        far.Ask(FarQuestionKind.Readable, 0, canonical, ResolveOptions.None);
        return false;
    }

    /// <summary>The same, and the server is waited for.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> canonical)
    {
        const int R_OK = 4;
        if (canonical.Length < PathLimits.PathMax)
        {
            Span<byte> path = stackalloc byte[PathLimits.PathMax];
            canonical.CopyTo(path);
            path[canonical.Length] = 0;
            return Io.Access(path[..(canonical.Length + 1)], R_OK).IsSuccess;
        }

        var proc = new ProcPaths();
        if (!LongPath.Open(proc, canonical, Files.O_PATH | Files.O_CLOEXEC, out var fd).IsSuccess)
        {
            return false;
        }

        var canRead = Io.Access(proc.OwnDescriptor(fd), R_OK).IsSuccess;
        Io.Close(fd);
        return canRead;
    }

    /// <inheritdoc/>
    public Errno ReadExecutable(int pid, Span<byte> into, out int length)
    {
        Span<byte> name = stackalloc byte[ProcPath.Size];
        var error = Files.ReadLink(Files.AT_FDCWD, ProcPath.Write(name, pid, "/exe"u8), into, out length);
        length = Math.Max(length, 0);
        return error;
    }

    /// <inheritdoc/>
    /// <remarks>A script whose server has to be asked for its first line is none: nobody can wait for it here.</remarks>
    public bool RunsScript(int pid, ReadOnlySpan<byte> script) => !far.Mounts.Hold(script) && ScriptInterpreter.Runs(pid, script);

    /// <summary>A line of /proc/TID/fdinfo/FD, without its name; null where there is none.</summary>
    private static string? ReadDescriptorField(int tid, int fd, string name)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{tid}/fdinfo/{fd}"))
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
