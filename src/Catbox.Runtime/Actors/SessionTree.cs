using System.Collections.Concurrent;
using Catbox.Policy.Judging;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>Which processes and threads are a session's own and alive. Read by the judge, written by the process actors.</summary>
internal sealed class SessionTree(ITraceeInspector inspector, bool sharesTerminal = false) : ITraceeTree
{
    private const int SIGTTOU = 22;

    private readonly ConcurrentDictionary<int, int> _threads = new();
    private readonly ConcurrentDictionary<int, byte> _processes = new();

    /// <summary>Processes that have ended; their parents may not have waited for them yet.</summary>
    private readonly ConcurrentDictionary<int, byte> _dead = new();

    /// <inheritdoc/>
    public int CallerPid { get; private set; }

    /// <summary>The live processes.</summary>
    public ICollection<int> Processes => _processes.Keys;

    /// <summary>The thread whose call is judged: descriptors are numbers of its table, which need not be its leader's.</summary>
    private int CallerTid { get; set; }

    /// <inheritdoc/>
    public IKernelAnswers Kernel { get; private set; } = inspector.AnswersTo(0, 0);

    /// <summary>Turns to the thread whose call is judged next.</summary>
    public SessionTree Bind(int pid, int tid)
    {
        CallerPid = pid;
        CallerTid = tid;
        Kernel = inspector.AnswersTo(pid, tid);
        return this;
    }

    public void AddProcess(int pid)
    {
        _dead.TryRemove(pid, out _);
        _processes[pid] = 0;
        _threads[pid] = pid;
    }

    public void RemoveProcess(int pid)
    {
        if (_processes.TryRemove(pid, out _))
        {
            _dead[pid] = 0;
        }

        _threads.TryRemove(pid, out _);
    }

    public void AddThread(int tid, int pid) => _threads[tid] = pid;

    public void RemoveThread(int tid) => _threads.TryRemove(tid, out _);

    /// <inheritdoc/>
    public bool HasProcess(int pid) => _processes.ContainsKey(pid);

    /// <inheritdoc/>
    public bool HasThread(int tid) => _threads.ContainsKey(tid);

    /// <inheritdoc/>
    public ProcessStanding StandingOf(int pid)
    {
        var (exists, isZombie) = inspector.Look(pid);
        return !exists ? ProcessStanding.None : isZombie && _dead.ContainsKey(pid) ? ProcessStanding.OwnDead : ProcessStanding.Outside;
    }

    /// <inheritdoc/>
    public int CallerGroup => inspector.GroupOf(CallerPid);

    /// <inheritdoc/>
    public int CallerTerminal => inspector.JobOf(CallerPid).Terminal;

    /// <inheritdoc/>
    public bool IsStoppedInBackground => !inspector.IgnoresOrBlocks(CallerPid, SIGTTOU);

    /// <inheritdoc/>
    /// <remarks>
    /// A group of the session's has members of the session alone: it was made by one of them (setpgid, setsid), and none joins another but by a call that is judged here. A
    /// shell puts the second process of a pipeline into the group of the first when that has ended already, and was not waited for.
    /// </remarks>
    public GroupStanding StandingOfGroup(int group)
    {
        if (group <= 0)
        {
            return GroupStanding.None;
        }

        if (group == inspector.GroupOf(0))
        {
            return sharesTerminal ? GroupStanding.Shared : GroupStanding.Outside;
        }

        foreach (var (pid, _) in _processes)
        {
            if (inspector.GroupOf(pid) == group)
            {
                return GroupStanding.Own;
            }
        }

        return _dead.ContainsKey(group) && inspector.Look(group).IsZombie && inspector.GroupOf(group) == group ? GroupStanding.Own
            : inspector.GroupExists(group) ? GroupStanding.Outside : GroupStanding.None;
    }

    /// <inheritdoc/>
    public TerminalStanding StandingOfTerminal(int device)
    {
        var job = inspector.JobOf(CallerPid);
        if (device == job.Terminal)
        {
            return job.Front <= 0 || StandingOfGroup(job.Front) != GroupStanding.Outside ? TerminalStanding.Own : TerminalStanding.Background;
        }

        foreach (var pid in inspector.ProcessesAt(device))
        {
            if (!HasProcess(pid))
            {
                return TerminalStanding.Outside;
            }
        }

        return TerminalStanding.Own;
    }

    /// <inheritdoc/>
    public int FamilyBoundByListen(int fd) => inspector.FamilyBoundByListen(CallerPid, CallerTid, fd);

    /// <inheritdoc/>
    public int ProcessOfPidFd(int fd) => inspector.ProcessOfPidFd(CallerTid, fd);

    /// <inheritdoc/>
    public bool CanReadProgram(ReadOnlySpan<byte> canonical) => inspector.CanRead(canonical);
}
