using Catbox.Policy.Enacting;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing.Repeats;

/// <summary>A call of a task that is made again, with other arguments than its own. Owned by the loop thread; made at a task's first, and used again.</summary>
internal sealed class RepeatedCall
{
    /// <summary>The guest's registers when the call was interrupted, with its result.</summary>
    public UserRegs Own;

    /// <summary>How far it is.</summary>
    public RepeatPhase Phase { get; set; }

    /// <summary><see cref="Repetition.Timed"/> or <see cref="Repetition.Rest"/>.</summary>
    public Repetition Kind { get; set; }

    /// <summary>Which call it is.</summary>
    public SyscallRow Row { get; set; } = null!;

    /// <summary>When its time is over, <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public long EndsAt { get; set; }

    /// <summary>Its time limit is not its own, but what is left.</summary>
    public bool IsLimited { get; set; }

    /// <summary>The rest goes to a socket.</summary>
    public bool IsSocket { get; set; }

    /// <summary>The slot that the time limit is written to, 0 for none.</summary>
    public ulong Address { get; set; }

    /// <summary>Whose slot that is.</summary>
    public GuestAddressSpace? Owner { get; set; }
}
