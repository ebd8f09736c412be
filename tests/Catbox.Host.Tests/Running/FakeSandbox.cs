using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

/// <summary>A session that only notes what is done to it.</summary>
internal sealed class FakeSandbox : Sandbox
{
    private readonly TaskCompletionSource<SandboxResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<(int Number, bool ToGroup)> Signals { get; } = [];

    public int Kills { get; private set; }

    public override long Id => 1;

    public override int Pid => 4711;

    public override Task<SandboxResult> Completion => _completion.Task;

    public override Stream StandardInput => Stream.Null;

    public override Stream StandardOutput => Stream.Null;

    public override Stream StandardError => Stream.Null;

    public void End(SandboxResult result) => _completion.SetResult(result);

    public override IAsyncEnumerable<SandboxEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<SandboxEvent>();

    public override void Signal(int signal, bool toGroup = false) => Signals.Add((signal, toGroup));

    public override Task KillAsync()
    {
        Kills++;
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
