using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Catbox.Policy;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What a guest starts with: arguments, environment, directory, descriptors, signals and limits.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class LaunchTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task Arguments_are_bytes()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync(
            "show_arguments", scratch, new GuestString([0xff, 0xfe, 0x80]), "", "a b\n", "ä", new GuestString(new byte[100_000].Select(_ => (byte)'x').ToArray()));
        Assert.Equal("fffe80\n\n6120620a\nc3a4\n" + string.Concat(Enumerable.Repeat("78", 100_000)) + "\n", run.Succeeded().Output);
    }

    [SkippableFact]
    public async Task The_environment_may_be_inherited_and_changed()
    {
        using var scratch = new Scratch();
        Environment.SetEnvironmentVariable("CATBOX_TEST_KEPT", "kept");
        Environment.SetEnvironmentVariable("CATBOX_TEST_GONE", "gone");
        var spec = EngineFixture.Guest("show_environment", scratch);
        spec = spec with { Environment = spec.Environment.Add("CATBOX_TEST_NEW", "new value").Add("CATBOX_TEST_GONE", null) };
        var lines = (await engine.RunAsync(spec)).Succeeded().OutputLines;
        Assert.Contains("CATBOX_TEST_KEPT=kept", lines);
        Assert.Contains("CATBOX_TEST_NEW=new value", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("CATBOX_TEST_GONE=", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_environment_may_start_from_nothing()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("show_environment", scratch) with { InheritEnvironment = false, PrivateTemporaryDirectory = false };
        spec = spec with { Environment = ImmutableDictionary<GuestString, GuestString?>.Empty.Add("ONE", "1") };
        Assert.Equal(["ONE=1"], (await engine.RunAsync(spec)).Succeeded().OutputLines);
    }

    [SkippableFact]
    public async Task A_variable_is_there_once()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("show_environment", scratch);
        spec = spec with { Environment = spec.Environment.Add("PATH", "/usr/bin:/bin") };
        var lines = (await engine.RunAsync(spec)).Succeeded().OutputLines;
        Assert.Single(lines, line => line.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("TMPDIR=", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_working_directory_is_the_spec_s()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("show_directory", scratch) with { WorkingDirectory = scratch.Outside };
        Assert.Equal(scratch.Outside + "\n", (await engine.RunAsync(spec)).Succeeded().Output);
    }

    [SkippableFact]
    public async Task The_working_directory_is_the_host_s_where_the_spec_names_none()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("show_directory", scratch) with { WorkingDirectory = null };
        Assert.Equal(Environment.CurrentDirectory + "\n", (await engine.RunAsync(spec)).Succeeded().Output);
    }

    [SkippableFact]
    public async Task A_working_directory_that_is_not_there_fails_the_launch()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("does_nothing", scratch) with { WorkingDirectory = scratch.Out("missing") };
        var error = await Assert.ThrowsAsync<SandboxLaunchException>(() => engine.Runner.StartAsync(spec));
        Assert.Equal(125, error.ExitCode);
        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    [SkippableFact]
    public async Task Piped_streams_carry_every_byte()
    {
        using var scratch = new Scratch();
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
        var spec = EngineFixture.Command(scratch, "cat") with { StandardInput = GuestStream.Piped };
        await using var sandbox = await engine.Runner.StartAsync(spec);
        var finish = EngineFixture.FinishAsync(sandbox, spec);
        await sandbox.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(text));
        await sandbox.StandardInput.DisposeAsync();
        Assert.Equal(text, (await finish).Succeeded().Output);
    }

    [SkippableFact]
    public async Task Standard_output_and_error_are_two_streams()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunScriptAsync(scratch, "echo out; echo error >&2")).Succeeded();
        Assert.Equal(("out\n", "error\n"), (run.Output, run.Error));
    }

    [SkippableFact]
    public async Task Streams_may_be_files()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "cat; echo error >&2") with
        {
            StandardInput = GuestStream.File(Scratch.MakeFile(scratch.Out("input"), "content")),
            StandardOutput = GuestStream.File(Scratch.MakeFile(scratch.Out("output"), "what was there before")),
            StandardError = GuestStream.File(scratch.Out("error")),
        };
        (await engine.RunAsync(spec)).Succeeded().HasNoViolations();
        Assert.Equal("content", File.ReadAllText(scratch.Out("output")));
        Assert.Equal("error\n", File.ReadAllText(scratch.Out("error")));
    }

    [SkippableFact]
    public async Task Streams_may_be_null()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "readlink /proc/self/fd/0 >&2; echo lost") with { StandardOutput = GuestStream.Null };
        Assert.Equal("/dev/null\n", (await engine.RunAsync(spec)).Succeeded().Error);
    }

    [SkippableTheory]
    [InlineData("echo word > /dev/stderr")]
    [InlineData("echo word > /dev/fd/2")]
    [InlineData("echo word > /proc/self/fd/2")]
    public async Task An_inherited_stream_may_be_opened_again_by_its_name(string script)
    {
        using var scratch = new Scratch();
        Assert.Equal("word\n", (await engine.RunScriptAsync(scratch, script)).Succeeded().HasNoViolations().Error);
    }

    [SkippableFact]
    public async Task Nothing_but_three_descriptors_is_inherited()
    {
        using var scratch = new Scratch();
        using var held = File.Open(Scratch.MakeFile(scratch.Out("held")), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Inheritable);
        var lines = (await engine.RunGuestAsync("show_descriptors", scratch)).Succeeded().OutputLines;
        Assert.Equal(["0", "1", "2"], lines.Select(line => line.Split(' ')[0]).Order());
    }

    [SkippableFact]
    public async Task Signals_start_at_their_defaults_and_none_is_blocked()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("default_signals", scratch)).Succeeded();
        var status = (await engine.RunCommandAsync(scratch, "/bin/cat", "/proc/self/status")).Succeeded().OutputLines;
        Assert.Equal("SigIgn:\t0000000000000000", status.Single(line => line.StartsWith("SigIgn", StringComparison.Ordinal)));
        Assert.Equal("SigBlk:\t0000000000000000", status.Single(line => line.StartsWith("SigBlk", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task A_writer_whose_reader_has_gone_dies_of_SIGPIPE()
    {
        using var scratch = new Scratch();
        var run = await engine.RunScriptAsync(scratch, "{ yes; echo $? >&2; } | head -n 1");
        Assert.Equal(("y\n", "141\n"), (run.Succeeded().Output, run.Error));
    }

    [SkippableFact]
    public void The_limit_of_open_files_is_not_the_one_that_dotnet_raised()
    {
        // The program of its own, since the limit that this test's host was given may have been raised by its parent already.
        var run = Unconfined.Run("/bin/sh", ["-c", $"ulimit -Sn 500; dotnet {CatboxProgram.Path} run -- {Guests.Build("show_limits")}; exit $?"]);
        Assert.StartsWith("500 ", run.Succeeded().Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_limit_of_open_files_may_be_given()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("show_limits", scratch) with { OpenFilesLimit = 300 })).Succeeded();
        Assert.StartsWith("300 ", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_guest_leads_a_process_group_of_its_own()
    {
        using var scratch = new Scratch();
        var numbers = (await engine.RunGuestAsync("show_identity", scratch)).Succeeded().Output.Split(' ');
        Assert.Equal(numbers[0], numbers[1]);
    }

    [SkippableFact]
    public async Task A_command_that_is_missing_is_127()
    {
        using var scratch = new Scratch();
        await FailsAsync(EngineFixture.Command(scratch, scratch.In("missing")), 127, Errno.ENOENT);
    }

    [SkippableFact]
    public async Task A_command_that_is_not_in_the_PATH_is_127()
    {
        using var scratch = new Scratch();
        await FailsAsync(EngineFixture.Command(scratch, "catbox-test-no-such-program"), 127, Errno.ENOENT);
    }

    [SkippableFact]
    public async Task A_script_whose_interpreter_is_missing_is_127()
    {
        using var scratch = new Scratch();
        Scratch.MakeFile(scratch.In("script"), "#!/nonexistent/interpreter\n");
        File.SetUnixFileMode(scratch.In("script"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await FailsAsync(EngineFixture.Command(scratch, scratch.In("script")), 127, Errno.ENOENT);
    }

    [SkippableFact]
    public async Task A_file_that_is_not_executable_is_126()
    {
        using var scratch = new Scratch();
        await FailsAsync(EngineFixture.Command(scratch, Scratch.MakeFile(scratch.In("file"))), 126, Errno.EACCES);
    }

    [SkippableFact]
    public async Task A_directory_is_126()
    {
        using var scratch = new Scratch();
        await FailsAsync(EngineFixture.Command(scratch, scratch.Inside), 126, Errno.EACCES);
    }

    [SkippableFact]
    public async Task An_empty_command_fails_the_launch()
    {
        using var scratch = new Scratch();
        await Assert.ThrowsAnyAsync<Exception>(() => engine.Runner.StartAsync(EngineFixture.Command(scratch)));
    }

    [SkippableFact]
    public async Task A_policy_that_is_not_valid_starts_nothing()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("does_nothing", scratch) with { Policy = scratch.Policy with { Writable = ["relative/path"] } };
        await Assert.ThrowsAsync<PolicyException>(() => engine.Runner.StartAsync(spec));
    }

    private async Task FailsAsync(SandboxSpec spec, int exitCode, Errno errno)
    {
        _ = engine.Runner;
        var before = Processes.OwnChildren();
        var error = await Assert.ThrowsAsync<SandboxLaunchException>(() => engine.Runner.StartAsync(spec));
        Assert.Equal(exitCode, error.ExitCode);
        Assert.Equal(errno, error.Errno);
        Assert.Contains(spec.Command[0].ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(error.Pid != 0 && Processes.IsAlive(error.Pid));
        await Eventually.IsTrueAsync(() => Processes.OwnChildren().Count <= before.Count, "no process is left behind");
    }
}
