using Catbox.Policy;

namespace Catbox.Runtime.Tracing;

/// <summary>What the tracer tells a session about things that are not stops of its processes. Called on the tracer thread.</summary>
internal interface ISessionSink
{
    /// <summary>The first process is there, seized and stopped before its first instruction; adopting it lets it begin.</summary>
    void Spawned(int pid);

    /// <summary>The launch failed; no process is left.</summary>
    /// <param name="operation">The kernel call or the launch step.</param>
    /// <param name="pid">The stub, 0 where there was none.</param>
    /// <param name="errno">The kernel's error.</param>
    void LaunchFailed(string operation, int pid, Errno errno);

    /// <summary>An event came for a task that nobody knows, and it was killed.</summary>
    void Unexpected(int tid);

    /// <summary>The engine cannot go on with this session; everything in it has been killed.</summary>
    void Faulted(string operation, int pid, Errno errno);
}
