using System.Collections.Concurrent;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Tracing;

namespace Catbox.Testing;

/// <summary>What a scripted kernel tells of its processes.</summary>
internal sealed class ScriptedInspector : ITraceeInspector
{
    /// <summary>The programs of processes after their exec, with argv.</summary>
    public ConcurrentDictionary<int, (string Executable, string[] Arguments)> Programs { get; } = new();

    /// <summary>The process groups; a process that is not here is gone.</summary>
    public ConcurrentDictionary<int, int> Groups { get; } = new();

    /// <summary>The processes outside the session that exist, and whether they are zombies.</summary>
    public ConcurrentDictionary<int, bool> Others { get; } = new();

    /// <inheritdoc/>
    public (string Executable, string[] Arguments) ReadProgram(int pid) => Programs.GetValueOrDefault(pid, (string.Empty, []));

    /// <inheritdoc/>
    public int GroupOf(int pid) => Groups.GetValueOrDefault(pid, -1);

    /// <summary>The jobs of processes.</summary>
    public ConcurrentDictionary<int, JobState> Jobs { get; } = new();

    /// <inheritdoc/>
    public JobState JobOf(int pid) => Jobs.GetValueOrDefault(pid);

    /// <inheritdoc/>
    public bool GroupExists(int group) => Groups.Values.Contains(group);

    /// <inheritdoc/>
    public bool IgnoresOrBlocks(int pid, int signal) => false;

    /// <inheritdoc/>
    public IEnumerable<int> ProcessesAt(int terminal) => Jobs.Where(job => job.Value.Terminal == terminal).Select(static job => job.Key);

    /// <inheritdoc/>
    public int ProcessOfPidFd(int tid, int fd) => 0;

    /// <inheritdoc/>
    public int FamilyBoundByListen(int pid, int tid, int fd) => 0;

    /// <inheritdoc/>
    public IKernelAnswers AnswersTo(int pid, int tid) => ScriptedAnswers.Yes;

    /// <inheritdoc/>
    public (bool Exists, bool IsZombie) Look(int pid) => (Others.TryGetValue(pid, out var isZombie), isZombie);

    /// <inheritdoc/>
    public bool CanRead(ReadOnlySpan<byte> canonical) => true;

    /// <inheritdoc/>
    public Errno ReadExecutable(int pid, Span<byte> into, out int length)
    {
        length = Encoding.UTF8.GetBytes(Programs.GetValueOrDefault(pid, (string.Empty, [])).Executable, into);
        return length > 0 ? Errno.None : Errno.ENOENT;
    }

    /// <summary>The scripts, by canonical path, that the program of every process is the interpreter of.</summary>
    public ConcurrentBag<string> Scripts { get; } = [];

    /// <inheritdoc/>
    public bool RunsScript(int pid, ReadOnlySpan<byte> script) => Scripts.Contains(Encoding.UTF8.GetString(script));
}
