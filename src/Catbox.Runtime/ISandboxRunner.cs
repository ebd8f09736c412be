using Catbox.Policy;

namespace Catbox.Runtime;

/// <summary>Starts sandboxes. One runner serves a host; it is thread-safe.</summary>
public interface ISandboxRunner : IAsyncDisposable
{
    /// <summary>Launches a confined command.</summary>
    /// <param name="spec">What to run and what it may do.</param>
    /// <param name="hooks">What is told of the run, or null.</param>
    /// <param name="cancellationToken">Kills the session when it is cancelled, also after the start.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before this call returned. The session was killed, and is over.</exception>
    /// <exception cref="ArgumentException">The command is empty, or what is no name of a variable is to be set.</exception>
    /// <exception cref="PolicyException">The policy is not valid.</exception>
    /// <exception cref="SandboxLaunchException">The command could not be started; <see cref="SandboxLaunchException.ExitCode"/> is 127 or 126
    /// where the command is missing or not executable, 125 otherwise.</exception>
    Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks = null, CancellationToken cancellationToken = default);
}
