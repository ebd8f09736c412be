namespace Catbox.Runtime;

/// <summary>What ended a session.</summary>
public enum EndReason
{
    /// <summary>The first process exited.</summary>
    Exited = 0,
    /// <summary>A signal ended the first process.</summary>
    Signaled,
    /// <summary>It took longer than <see cref="SandboxSpec.Timeout"/>.</summary>
    TimedOut,
    /// <summary>The host killed it (<see cref="Sandbox.KillAsync"/>, cancellation).</summary>
    Killed,
    /// <summary>The policy kills at a violation.</summary>
    ViolationKill,
    /// <summary>A hook failed.</summary>
    HookFailed,
    /// <summary>The engine could not go on; everything was killed. <see cref="SandboxResult.Fault"/> says why.</summary>
    Faulted,
}
