using Catbox.Runtime.Launching;
using Microsoft.Win32.SafeHandles;

namespace Catbox.Runtime.LinuxTests.Sessions;

/// <summary>A piped stream that waits holds no thread.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class PipedStreamTests(EngineFixture engine)
{
    /// <summary>More than a pipe holds.</summary>
    private const int Much = 256 * 1024;

    private static readonly SandboxSpec Piped = new()
    {
        Command = ["guest"],
        StandardInput = GuestStream.Piped,
        StandardOutput = GuestStream.Piped,
        StandardError = GuestStream.Piped,
    };

    [Fact]
    public async Task Two_hundred_readers_that_wait_hold_no_thread()
    {
        var streams = Open();
        var threads = Threads();
        var reads = streams.Select((pipes, i) => (i % 2 == 0 ? pipes.Output! : pipes.Error!).ReadAsync(new byte[1]).AsTask()).ToList();

        // The last one first. Where each held a thread of the pool, it would not have begun to read: the pool gets one or two more a second.
        for (var i = streams.Count - 1; i >= 0; i--)
        {
            using var guest = Guest(streams[i].GuestEnds[i % 2 == 0 ? 1 : 2], FileAccess.Write);
            guest.Write("x"u8);
            Assert.Equal(1, await reads[i].WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.True(Threads() < threads + 50, $"{threads} threads before, {Threads()} now");
        streams.ForEach(static pipes => pipes.Dispose());
    }

    [Fact]
    public async Task Two_hundred_writers_that_wait_hold_no_thread()
    {
        var streams = Open();
        var threads = Threads();
        var writes = streams.Select(static pipes => pipes.Input!.WriteAsync(new byte[Much]).AsTask()).ToList();

        for (var i = streams.Count - 1; i >= 0; i--)
        {
            Assert.False(writes[i].IsCompleted);
            using var guest = Guest(streams[i].GuestEnds[0], FileAccess.Read);
            await Task.Run(() => guest.ReadExactly(new byte[Much]));
            await writes[i].WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.True(Threads() < threads + 50, $"{threads} threads before, {Threads()} now");
        streams.ForEach(static pipes => pipes.Dispose());
    }

    [Fact]
    public async Task A_read_that_waits_can_be_cancelled_and_made_again()
    {
        using var pipes = StandardStreams.Open(Piped);
        using var cancel = new CancellationTokenSource();
        var read = pipes.Output!.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);

        using var guest = Guest(pipes.GuestEnds[1], FileAccess.Write);
        guest.Write("x"u8);
        Assert.Equal(1, await pipes.Output.ReadAsync(new byte[1]));
    }

    [SkippableFact]
    public async Task The_guests_ends_wait_as_those_of_any_pipe()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "read line; echo $line; grep -h flags /proc/self/fdinfo/0 /proc/self/fdinfo/1") with
        {
            StandardInput = GuestStream.Piped,
        };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        var answer = Lines.ReadAsync(sandbox.StandardOutput);
        await sandbox.StandardInput.WriteAsync("hello\n"u8.ToArray());
        Assert.Equal("hello", await answer);

        var run = (await EngineFixture.FinishAsync(sandbox, spec)).Succeeded();

        // fdinfo gives the flags of open(2) in octal.
        const int O_NONBLOCK = 0x800;
        var flags = run.OutputLines.Select(static line => Convert.ToInt32(line.Split('\t', ' ')[^1], 8)).ToList();
        Assert.Equal(2, flags.Count);
        Assert.All(flags, static flag => Assert.Equal(0, flag & O_NONBLOCK));
    }

    /// <summary>Two hundred more than the pool has threads: another test may have made it large.</summary>
    private static List<StandardStreams> Open() =>
        [.. Enumerable.Range(0, ThreadPool.ThreadCount + 200).Select(static _ => StandardStreams.Open(Piped))];

    private static FileStream Guest(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: false), access, 0);

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
}
