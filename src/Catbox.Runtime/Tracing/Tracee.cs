using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Repeats;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing;

/// <summary>A traced task. Owned by the loop thread.</summary>
internal sealed class Tracee(int tid, TracedProcess process)
{
    /// <summary>The registers of the last seccomp stop, so that an answer need not read them again.</summary>
    public UserRegs Regs;

    /// <summary>What it does with argument slots.</summary>
    public SlotUse Slot;

    public int Tid { get; set; } = tid;
    public TracedProcess Process { get; } = process;
    public TraceeState State { get; set; }

    /// <summary>Its descriptor table.</summary>
    public TaskState Descriptors { get; set; } = new();

    /// <summary>Its working directory, root and umask.</summary>
    public TaskState Directory { get; set; } = new();

    /// <summary>The stop that waits for an answer: with the tid, the generation of the parked stop.</summary>
    public long Sequence { get; set; }

    /// <summary>When it last stopped, <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public long LastStop { get; set; }

    /// <summary>How long it had wanted a CPU and had none when that was looked at last, nanoseconds.</summary>
    public long RunDelay { get; set; }

    /// <summary>The sweep at which that was, <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public long WatchedAt { get; set; }

    /// <summary>Stops in a row that were close together.</summary>
    public int Streak { get; set; }

    /// <summary>It has been given the tracer's CPU.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>The guest has chosen its CPUs itself.</summary>
    public bool IsUnplaceable { get; set; }

    /// <summary>The first stop was reported.</summary>
    public bool HasStarted { get; set; }

    /// <summary>What was found out for the call that it is coming to again; null where nothing was asked.</summary>
    public List<FarAnswer>? Answers { get; set; }

    /// <summary>A call that is made again, or was the last to be; null before the first.</summary>
    public RepeatedCall? Repeat { get; set; }

    /// <summary>Whether a call is made again that needs the stops at its beginning and end.</summary>
    public bool IsRepeating => Repeat is { Phase: not RepeatPhase.None };

    /// <summary>It waits for the program of a child that it has made with CLONE_VFORK.</summary>
    public bool AwaitsVfork { get; set; }

    /// <summary>It was put back before its call, and has taken no signal since: the call that it comes to next is the same.</summary>
    public bool ComesAgain { get; set; }

    /// <summary>How often in a row its call could not be made on its behalf, since its path led elsewhere by then.</summary>
    public int Retries { get; set; }
}
