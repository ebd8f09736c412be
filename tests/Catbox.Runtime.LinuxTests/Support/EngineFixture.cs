using System.Collections.Immutable;
using System.Text;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>An engine for a collection of tests, made at its first use, and the short ways to run something in it.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    /// <summary>After so long a run is killed and its test fails: nothing that is tested takes a tenth of it.</summary>
    public static readonly TimeSpan Deadline =
        TimeSpan.FromMinutes(int.Parse(Environment.GetEnvironmentVariable("CATBOX_TEST_MINUTES") ?? "3", System.Globalization.CultureInfo.InvariantCulture));

    private readonly Lazy<ISandboxRunner> _runner = new(Engine.Create);

    public ISandboxRunner Runner => _runner.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_runner.IsValueCreated)
        {
            await _runner.Value.DisposeAsync();
        }
    }

    /// <summary>A guest by its name, confined to the scratch's inner directory, which is where it starts; its streams are piped, its input is empty.</summary>
    public static SandboxSpec Guest(string name, Scratch scratch, params GuestString[] arguments) =>
        Command(scratch, [Guests.Build(name), .. arguments]);

    /// <summary>A command, in the same surroundings as <see cref="Guest"/>.</summary>
    public static SandboxSpec Command(Scratch scratch, params GuestString[] command) => new()
    {
        Command = [.. command],
        Policy = scratch.Policy,
        WorkingDirectory = scratch.Inside,
        StandardInput = GuestStream.Null,
        StandardOutput = GuestStream.Piped,
        StandardError = GuestStream.Piped,
    };

    public Task<GuestRun> RunGuestAsync(string name, Scratch scratch, params GuestString[] arguments) =>
        RunAsync(Guest(name, scratch, arguments));

    public Task<GuestRun> RunCommandAsync(Scratch scratch, params GuestString[] command) => RunAsync(Command(scratch, command));

    /// <summary>Runs a script with sh, confined to the scratch's inner directory.</summary>
    public Task<GuestRun> RunScriptAsync(Scratch scratch, string script) => RunCommandAsync(scratch, "/bin/sh", "-c", script);

    /// <summary>Starts, feeds the piped input, reads what comes out, and waits for the end.</summary>
    public async Task<GuestRun> RunAsync(SandboxSpec spec, SandboxHooks? hooks = null, string? input = null, CancellationToken cancel = default)
    {
        await using var sandbox = await Runner.StartAsync(spec, hooks, cancel);
        if (spec.StandardInput.Kind == GuestStreamKind.Piped)
        {
            await sandbox.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(input ?? ""), CancellationToken.None);
            await sandbox.StandardInput.DisposeAsync();
        }

        return await FinishAsync(sandbox, spec);
    }

    /// <summary>Reads what is left of the piped streams and waits for the end; kills and fails after <see cref="Deadline"/>.</summary>
    public static async Task<GuestRun> FinishAsync(Sandbox sandbox, SandboxSpec spec)
    {
        var output = ReadAsync(spec.StandardOutput, sandbox, static s => s.StandardOutput);
        var error = ReadAsync(spec.StandardError, sandbox, static s => s.StandardError);
        try
        {
            var result = await sandbox.Completion.WaitAsync(Deadline);
            return new GuestRun(result, await output.WaitAsync(Deadline), await error.WaitAsync(Deadline));
        }
        catch (TimeoutException)
        {
            await sandbox.KillAsync();
            Assert.Fail($"{string.Join(' ', spec.Command)} did not end; stderr: {Encoding.UTF8.GetString((await error).AsSpan())}");
            throw;
        }
    }

    /// <summary>A policy that lets nothing be written but a directory, and logs instead of refusing.</summary>
    public static SandboxPolicy CollectOnly(Scratch scratch) => scratch.Policy with { OnViolation = OnViolation.Log };

    private static async Task<ImmutableArray<byte>> ReadAsync(GuestStream stream, Sandbox sandbox, Func<Sandbox, Stream> choose)
    {
        if (stream.Kind != GuestStreamKind.Piped)
        {
            return [];
        }

        var memory = new MemoryStream();
        await choose(sandbox).CopyToAsync(memory);
        return [.. memory.ToArray()];
    }
}
