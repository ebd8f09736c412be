using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

/// <summary>A traced thread group. Owned by the loop thread.</summary>
internal sealed class TracedProcess(int pid, TracedSession session, IStopSink sink)
{
    public int Pid { get; } = pid;
    public TracedSession Session { get; } = session;
    public IStopSink Sink { get; } = sink;

    /// <summary>/proc/PID/mem of the present address space, -1 until it is needed. An exec makes another address space.</summary>
    public int MemoryFd { get; set; } = -1;

    /// <summary>The slots of the present address space, which other processes may share.</summary>
    public GuestAddressSpace Space { get; set; } = new();
}
