namespace Catbox.Runtime;

/// <summary>What becomes of processes that outlive the session's first one.</summary>
public enum DaemonPolicy
{
    /// <summary>They are killed when the first one ends.</summary>
    Kill = 0,
    /// <summary>The session lasts until the last one has ended.</summary>
    Wait,
}
