using Microsoft.Extensions.Hosting;

namespace Catbox.Runtime.Hosting;

/// <summary>Starts the tracer with the host, and ends what still runs when the host stops.</summary>
internal sealed class CatboxHostedService(ISandboxRunner runner) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => runner.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
