using Catbox.Policy.Decoding;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// A stop as the tracer thread saw it: numbers only. The task stays stopped until a <see cref="TracerCommand"/> with the same
/// <see cref="Sequence"/> resolves it (exits excepted, which need no answer).
/// </summary>
internal struct RawStop
{
    public StopKind Kind;
    /// <summary>The signal of a signal or group stop.</summary>
    public int Signal;
    /// <summary>The task.</summary>
    public int Tid;
    /// <summary>Its thread group.</summary>
    public int Pid;
    /// <summary>Rises with each stop of the loop; an answer echoes it, so that a late or doubled one is seen.</summary>
    public long Sequence;
    /// <summary>When it was read, <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public long Time;
    /// <summary>The call's number.</summary>
    public long Number;
    /// <summary>The tracer has put the guest back before its call, and nothing came between: it is the same call.</summary>
    public bool IsAgain;
    /// <summary>The call's arguments.</summary>
    public SyscallArgs Args;
    /// <summary>PTRACE_GETEVENTMSG of an event.</summary>
    public int Message;
    /// <summary>clone flags of a fork event: what the new task shares with its maker.</summary>
    public ulong CloneFlags;
    /// <summary>How the task ended.</summary>
    public WaitStatus Status;
    /// <summary>CPU time in user mode and in the kernel, microseconds, and peak memory, bytes, of the thread group that ended.</summary>
    public long UserMicroseconds, SystemMicroseconds, PeakBytes;
}
