using System.Collections.Immutable;

namespace Catbox.Policy.Rules;

/// <summary>What compiling a policy needs to know that is not policy: facts of the session and of the tracer.</summary>
internal sealed record PolicyContext
{
    /// <summary>
    /// Canonical paths, bytes, that belong to the session (its private TMPDIR): no glob and no regex. Writable unless
    /// <see cref="SandboxPolicy.Strict"/>, readable always.
    /// </summary>
    public ImmutableArray<ImmutableArray<byte>> SessionWritable { get; init; } = [];

    /// <summary>False when the tracer is an ordinary user: executions must then stop, since a program that the tracer cannot read would blind it.</summary>
    public bool TracerIsRoot { get; init; } = true;

    /// <summary>
    /// True when the tracer has a capability, or more than one user or group: a guest can then become somebody else, and calls in its place must go by what
    /// it has become.
    /// </summary>
    public bool TracerHasPrivileges { get; init; }

    /// <summary>True when the engine sets the CPUs of guests itself and must answer their affinity calls.</summary>
    public bool PlacesGuests { get; init; }

    /// <summary>True when guests dump no core: nobody would keep the kernel from writing it where the policy lets nothing be written.</summary>
    public bool DumpsNoCore { get; init; }

    /// <summary>See <see cref="Landlock.LandlockPlan.QueuesAreShut"/>.</summary>
    public bool QueuesAreShut { get; init; }

    /// <summary>Writable paths (canonical, bytes) whose own entry is not to be changed: see <see cref="Landlock.LandlockPlan.Pinned"/>.</summary>
    public ImmutableArray<ImmutableArray<byte>> Pinned { get; init; } = [];
}
