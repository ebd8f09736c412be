using System.Collections.Concurrent;
using Catbox.Policy.Judging;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>Which processes and threads are a session's own and alive. Read by the judge, written by the process actors.</summary>
internal sealed class SessionTree(ITraceeInspector inspector) : ITraceeTree
{
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

    /// <summary>Turns to the thread whose call is judged next.</summary>
    public SessionTree Bind(int pid, int tid)
    {
        CallerPid = pid;
        CallerTid = tid;
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
    public int FamilyBoundByListen(int fd) => inspector.FamilyBoundByListen(CallerPid, CallerTid, fd);

    /// <inheritdoc/>
    public int ProcessOfPidFd(int fd) => inspector.ProcessOfPidFd(CallerTid, fd);

    /// <inheritdoc/>
    public bool CanReadProgram(ReadOnlySpan<byte> canonical) => inspector.CanRead(canonical);
}
