using System.Diagnostics;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

/// <summary>A runner whose start is interrupted: this process gets SIGTERM while it is under way.</summary>
internal sealed class InterruptedRunner : ISandboxRunner
{
    public async Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks = null, CancellationToken cancellationToken = default)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {Environment.ProcessId}"]);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("the start was not cancelled");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
