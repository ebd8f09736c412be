using System.Diagnostics;
using System.Globalization;

namespace Catbox.Runtime.LinuxTests.Behalf;

/// <summary>A guest that holds an inode, which a change waits for that the tracer makes: it waits alone.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class StallTests(EngineFixture engine)
{
    private const int Threads = 64;

    /// <summary>So long a change has to wait without a sandbox, for the tests to tell anything.</summary>
    private static readonly TimeSpan s_tells = TimeSpan.FromSeconds(1);

    private readonly Lazy<(string Size, TimeSpan Outside)> _native = new(Measure);

    public static TheoryData<string> Changes => ["mode", "name", "size"];

    [SkippableTheory]
    [MemberData(nameof(Changes))]
    public async Task The_calls_of_another_session_go_on_while_a_change_waits_for_an_inode(string change)
    {
        var size = _native.Value.Size;
        using var holder = new Scratch();
        using var scratch = new Scratch();
        await using var other = await engine.Runner.StartAsync(EngineFixture.Guest("changes_on_demand", scratch) with { StandardInput = GuestStream.Piped });
        await ChangeAsync(other, 1);

        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("holds_inode", holder, $"{Threads}", size, change));
        using var lines = new StreamReader(sandbox.StandardOutput);
        Assert.Equal("go", await lines.ReadLineAsync());
        var waited = lines.ReadLineAsync();
        await ChangeAsync(other, 3);
        Assert.False(waited.IsCompleted, $"the change has not waited for the writes, or the other session for the change: {(waited.IsCompleted ? await waited : "")} ms");

        await other.StandardInput.DisposeAsync();
        Assert.Equal(0, (await other.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        Assert.NotNull(await waited.WaitAsync(EngineFixture.Deadline));
        Assert.Equal(0, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        Assert.Equal(change == "name", File.Exists(holder.In("other/held")));
    }

    [SkippableTheory]
    [MemberData(nameof(Changes))]
    public async Task A_session_is_killed_while_a_change_waits_for_an_inode(string change)
    {
        var (size, outside) = _native.Value;
        using var scratch = new Scratch();
        await using var sandbox = await engine.Runner.StartAsync(EngineFixture.Guest("holds_inode", scratch, $"{Threads}", size, change));
        using var lines = new StreamReader(sandbox.StandardOutput);
        Assert.Equal("go", await lines.ReadLineAsync());
        var clock = Stopwatch.StartNew();
        await sandbox.KillAsync();
        Assert.NotEqual(EndReason.Exited, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Reason);
        Assert.Null(await lines.ReadLineAsync());
        Assert.True(clock.Elapsed < outside, $"it took {clock.Elapsed}, and the writes alone take {outside}");
    }

    /// <summary>Has the guest make some changes, and waits until it has.</summary>
    private static async Task ChangeAsync(Sandbox sandbox, int times)
    {
        await sandbox.StandardInput.WriteAsync(new byte[times]);
        await sandbox.StandardOutput.ReadExactlyAsync(new byte[times]).AsTask().WaitAsync(EngineFixture.Deadline);
    }

    /// <summary>How large the writes have to be.</summary>
    private static (string Size, TimeSpan Outside) Measure()
    {
        for (var size = 16; size <= 512; size *= 2)
        {
            using var scratch = new Scratch();
            var text = size.ToString(CultureInfo.InvariantCulture);
            var milliseconds = long.Parse(
                Unconfined.RunGuest("holds_inode", scratch.Inside, $"{Threads}", text, "mode").Succeeded().OutputLines[^1], CultureInfo.InvariantCulture);
            if (TimeSpan.FromMilliseconds(milliseconds) > s_tells)
            {
                return (text, TimeSpan.FromMilliseconds(milliseconds));
            }
        }

        Skip.If(true, "a change does not wait for writes here, or not long enough");
        return default;
    }
}
