using System.Globalization;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

// Jobs: who shares a terminal or a group with a guest. Asked where a guest changes its terminal or its group, and no file system has to answer but proc.
internal sealed partial class TraceeInspector
{
    /// <summary>The state of a process (proc_pid_stat(5)), 0 where it is gone.</summary>
    public static char StateOf(int pid) => ReadJob(pid).State;

    /// <inheritdoc/>
    public JobState JobOf(int pid) => ReadJob(pid);

    private static JobState ReadJob(int pid)
    {
        Span<byte> name = stackalloc byte[ProcPath.Size];
        Span<byte> buffer = stackalloc byte[512];
        if (!Io.Open(ProcPath.Write(name, pid, "/stat"u8), Io.O_RDONLY, 0, out var fd).IsSuccess)
        {
            return default;
        }

        _ = Io.Read(fd, buffer, out var length);
        Io.Close(fd);

        // The name in parentheses may contain anything. What follows: state, parent, group, session, terminal, the group in front.
        var stat = buffer[..Math.Max(length, 0)];
        var close = stat.LastIndexOf((byte)')');
        Span<int> fields = stackalloc int[6];
        var at = -1;
        foreach (var range in stat[(close + 1)..].Split((byte)' '))
        {
            var field = stat[(close + 1)..][range];
            if (at >= 0 && (at == 0 ? !field.IsEmpty : int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out fields[at])))
            {
                fields[0] = at == 0 ? field[0] : fields[0];
            }

            if (++at == fields.Length)
            {
                break;
            }
        }

        return close < 0 ? default : new JobState(fields[2], fields[3], fields[4], fields[5], (char)fields[0]);
    }

    /// <inheritdoc/>
    public bool GroupExists(int group) => Signals.Kill(-group, 0) != Errno.ESRCH;

    /// <inheritdoc/>
    public bool IgnoresOrBlocks(int pid, int signal)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"))
                .SelectMany(static task => File.ReadLines(task + "/status"))
                .Where(static line => line.StartsWith("SigBlk:", StringComparison.Ordinal) || line.StartsWith("SigIgn:", StringComparison.Ordinal))
                .Any(line => (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<int> ProcessesAt(int terminal)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(directory.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && JobOf(pid) is { IsZombie: false } job && job.Terminal == terminal)
            {
                yield return pid;
            }
        }
    }
}
