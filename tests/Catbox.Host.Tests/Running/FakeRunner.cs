using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

/// <summary>A runner without a kernel: it tells the violations that it was given and ends as it was told to.</summary>
internal sealed class FakeRunner(SandboxResult result, params Violation[] violations) : ISandboxRunner
{
    public SandboxSpec? Spec { get; private set; }

    public Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks = null, CancellationToken cancellationToken = default)
    {
        Spec = spec;
        foreach (var violation in violations)
        {
            hooks?.Violation?.Invoke(violation);
        }

        var sandbox = new FakeSandbox();
        sandbox.End(result);
        return Task.FromResult<Sandbox>(sandbox);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
