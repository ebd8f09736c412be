using System.Diagnostics;
using Catbox.Policy.Landlock;

namespace Catbox.Runtime.LinuxTests.Far;

/// <summary>File systems whose server may not answer, by one of our own that does not.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class FarFileSystemTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData(LandlockMode.Auto)]
    [InlineData(LandlockMode.Off)]
    public async Task Calls_on_one_answer_as_outside(LandlockMode landlock)
    {
        using var outside = new Scratch();
        using var inside = new Scratch();
        using var first = new Server(outside);
        using var second = new Server(inside);
        var expected = Unconfined.RunGuest("works_on_server", outside.Inside, first.MountPoint).Succeeded().Output;
        var run = await engine.RunAsync(EngineFixture.Guest("works_on_server", inside, second.MountPoint) with { Landlock = landlock });
        Assert.Contains("rmdir ok", expected, StringComparison.Ordinal);
        Assert.Equal(expected, run.Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task A_link_there_is_followed_to_what_is_judged()
    {
        using var scratch = new Scratch();
        using var server = new Server(scratch);
        var file = Scratch.MakeFile(scratch.Out("file"));
        File.CreateSymbolicLink(Path.Combine(server.MountPoint, "link"), file);
        var run = await engine.RunScriptAsync(scratch, "echo new > mnt/link");
        Assert.NotEqual(0, run.Result.Exit.Code);
        Assert.Equal(file, Assert.Single(run.Result.Violations).ResolvedText);
        Assert.Equal("old", File.ReadAllText(file));
    }

    [SkippableFact]
    public async Task A_guest_that_waits_for_one_holds_nobody_else()
    {
        using var scratch = new Scratch();
        using var server = new Server(scratch);
        await using var waiting = await StartWaitingAsync(server, Waits(scratch));

        // Each of these is judged on the same loop, before and after the other's call has come there.
        for (var i = 0; i < 20; i++)
        {
            (await engine.RunScriptAsync(scratch, "echo x > file && mkdir d && rmdir d")).Succeeded();
        }

        Assert.False(waiting.Completion.IsCompleted);
        await waiting.KillAsync();
        await waiting.Completion.WaitAsync(EngineFixture.Deadline);
    }

    [SkippableFact]
    public async Task A_guest_that_waits_for_one_goes_on_when_the_server_is_gone()
    {
        using var scratch = new Scratch();
        using var server = new Server(scratch);
        var spec = Waits(scratch);
        await using var waiting = await StartWaitingAsync(server, spec);

        server.Stop();

        Assert.Equal("failed\n", (await EngineFixture.FinishAsync(waiting, spec)).Output);
    }

    private static SandboxSpec Waits(Scratch scratch) => EngineFixture.Command(scratch, "/bin/sh", "-c", "echo begun; echo > mnt/stuck || echo failed");

    /// <summary>Starts it, and waits until the server has been asked.</summary>
    private async Task<Sandbox> StartWaitingAsync(Server server, SandboxSpec spec)
    {
        var waiting = await engine.Runner.StartAsync(spec);
        await waiting.StandardOutput.ReadExactlyAsync(new byte["begun\n".Length]);
        await server.AskedAsync().WaitAsync(EngineFixture.Deadline);
        return waiting;
    }

    /// <summary>tests/guests/fuse_server.c, on the directory <c>mnt</c> of a scratch.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Process _process;

        public Server(Scratch scratch)
        {
            Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts a file system; run the tests as root too");
            Skip.IfNot(File.Exists("/dev/fuse"), "there is no /dev/fuse");
            MountPoint = Scratch.MakeDirectory(scratch.In("mnt"));
            _process = Process.Start(new ProcessStartInfo(Guests.Build("fuse_server"), [MountPoint])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Skip.If(_process.StandardOutput.ReadLine() != "ready", $"a FUSE file system cannot be mounted here: {(_process.HasExited ? _process.StandardError.ReadToEnd() : "")}");
        }

        public string MountPoint { get; }

        /// <summary>Waits until it was asked what it never answers.</summary>
        public async Task AskedAsync() => Assert.Equal("asked", await _process.StandardOutput.ReadLineAsync());

        /// <summary>Ends it; whoever waits for an answer gets ENOTCONN.</summary>
        public void Stop()
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.Close();
                _process.WaitForExit();
            }
        }

        public void Dispose()
        {
            Stop();
            _process.Dispose();
        }
    }
}
