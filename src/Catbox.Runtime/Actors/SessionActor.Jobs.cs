using Catbox.Runtime.Actors.Protocol;

namespace Catbox.Runtime.Actors;

// Job control. A host that shares its terminal with its guest is one job with it, and stops when the guest has stopped. Not before: a program that catches SIGTSTP tidies up the
// terminal first, and cannot do so when its tracer is stopped.
internal sealed partial class SessionActor
{
    /// <summary>How long the others of the first process's group may take to stop after it. A shell that waits for an editor stops at once, the editor when it has tidied up.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(150);

    /// <summary>The processes that stand in a group stop, and what has stopped them.</summary>
    private readonly Dictionary<int, int> _stopped = [];
    private bool _isStopTold;

    private void TakeStop(int pid, int signal)
    {
        _stopped[pid] = signal;
        if (_isStopTold || !_stopped.ContainsKey(_rootPid))
        {
            return;
        }

        if (IsSettled())
        {
            TellOfStop();
        }
        else if (pid == _rootPid)
        {
            Timers.StartSingleTimer("job", SessionProtocol.JobSettled.Instance, SettlingTime);
        }
    }

    private void TakeContinue(int pid)
    {
        if (_stopped.Remove(pid) && pid == _rootPid)
        {
            _isStopTold = false;
            Timers.Cancel("job");
        }
        else if (!_isStopTold && _stopped.ContainsKey(_rootPid) && IsSettled())
        {
            TellOfStop();
        }
    }

    private bool IsSettled()
    {
        var inspector = _session.Tracer.Inspector;
        var group = inspector.GroupOf(_rootPid);
        return _session.Tree.Processes.All(pid => _stopped.ContainsKey(pid) || inspector.GroupOf(pid) != group);
    }

    private void TellOfStop()
    {
        Timers.Cancel("job");
        if (_isStopTold || !_stopped.TryGetValue(_rootPid, out var signal) || _hooks?.RootStopped is not { } hook)
        {
            return;
        }

        // The hook stops the host, and returns when that is continued.
        _isStopTold = true;
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.hook(state.signal), (hook, signal), preferLocal: false);
    }
}
