using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>A traced task. Owned by the loop thread.</summary>
internal sealed class Tracee(int tid, TracedProcess process)
{
    /// <summary>The registers of the last seccomp stop, so that an answer need not read them again.</summary>
    public UserRegs Regs;

    public int Tid { get; set; } = tid;
    public TracedProcess Process { get; } = process;
    public TraceeState State { get; set; }

    /// <summary>The stop that waits for an answer: with the tid, the generation of the parked stop.</summary>
    public long Sequence { get; set; }

    /// <summary>The first stop was reported.</summary>
    public bool HasStarted { get; set; }
}
