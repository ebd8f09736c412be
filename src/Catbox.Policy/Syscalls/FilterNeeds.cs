namespace Catbox.Policy.Syscalls;

/// <summary>
/// Why a call has to stop. A row names the needs that make it stop; a session's policy has a set of needs; the filter stops a call
/// when both share a bit. What no session needs never stops.
/// </summary>
[Flags]
internal enum FilterNeeds : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Changes of files: always needed.</summary>
    Writes = 1,
    /// <summary>Look-ups and read-only opens: denied reads, readable paths, an access audit.</summary>
    Reads = 2,
    /// <summary>Which programs may run; also needed by a tracer that is not root (it must be able to read what runs).</summary>
    Executions = 4,
    /// <summary>Internet sockets (and every family that is not unix).</summary>
    Internet = 8,
    /// <summary>Unix-domain addresses.</summary>
    UnixSockets = 16,
    /// <summary>Signals and other calls that act on a process: always needed.</summary>
    Processes = 32,
    /// <summary>CPU affinity: the engine places guests itself and shows them their own mask.</summary>
    Affinity = 64,
    /// <summary>Refusals that are reported as violations: always needed.</summary>
    Refusals = 128,
    /// <summary>Identity kept by the session (a later capability).</summary>
    Identity = 256,
    /// <summary>
    /// Changes of users, groups and capabilities: needed by a tracer that has more of them than a guest may keep, since it makes calls in the guest's place.
    /// </summary>
    Credentials = 512,
    /// <summary>The limit of core dumps: it stays at nothing where nobody else keeps the kernel from writing one outside.</summary>
    CoreLimit = 1024,
}
