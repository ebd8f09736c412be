using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Catbox.Runtime.Hosting;

/// <summary>The runner that a host gets: a <see cref="SandboxRunner"/>, and no more sandboxes at once than the options allow.</summary>
internal sealed class HostedSandboxRunner : ISandboxRunner
{
    private readonly SandboxRunner _runner;
    private readonly SemaphoreSlim? _places;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task> _disposal;

    /// <summary>Makes a runner; its tracer loops start.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="system">The host's actor system; one of its own when null.</param>
    /// <param name="loggers">Where diagnostics go, or null.</param>
    public HostedSandboxRunner(CatboxOptions options, ActorSystem? system, ILoggerFactory? loggers)
    {
        options.ThrowIfInvalid();
        var runner = new SandboxRunnerOptions { TracerLoops = options.TracerLoops, Loggers = loggers };
        _runner = system is null ? SandboxRunner.CreateStandalone(runner) : SandboxRunner.Create(system, runner);
        _places = options.MaxConcurrentSandboxes is { } most ? new SemaphoreSlim(most, most) : null;
        _disposal = new Lazy<Task>(CloseAsync);
    }

    /// <summary>The parent of the sandboxes.</summary>
    /// <exception cref="SandboxLaunchException">The tracer could not be started.</exception>
    public Task<IActorRef> SandboxesAsync() => _runner.SandboxesAsync();

    /// <summary>Completes when every tracer loop has done something that it was asked to.</summary>
    /// <exception cref="SandboxLaunchException">The tracer could not be started.</exception>
    public Task HeartbeatAsync(CancellationToken cancellationToken) => _runner.HeartbeatAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await StartInPlaceAsync(spec, hooks, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            hooks?.Events?.TryComplete();
            throw;
        }
    }

    /// <summary>Kills what runs and waits for its end; the same disposal however often it is asked for.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<Sandbox> StartInPlaceAsync(SandboxSpec spec, SandboxHooks? hooks, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        if (_places is null)
        {
            return await _runner.StartAsync(spec, hooks, cancellationToken).ConfigureAwait(false);
        }

        await TakePlaceAsync(cancellationToken).ConfigureAwait(false);
        Sandbox sandbox;
        try
        {
            sandbox = await _runner.StartAsync(spec, hooks, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _places.Release();
            throw;
        }

        _ = sandbox.Completion.ContinueWith(
            _ => _places.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return sandbox;
    }

    private async Task TakePlaceAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _places!.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(ISandboxRunner), "the host is stopping");
        }
    }

    private async Task CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _runner.DisposeAsync().ConfigureAwait(false);
    }
}
