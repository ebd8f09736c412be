namespace Catbox.Runtime.LinuxTests;

/// <summary>Every way to execute a program.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class ExecTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_thread_that_executes_takes_the_leader_s_number_and_stays_confined()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("exec_from_thread", scratch, Guests.Build("same_pid"), scratch.Out("x"));
        run.Succeeded().HasViolations(1, "openat", scratch.Out("x"));
        var process = Assert.Single(run.Result.Processes);
        Assert.EndsWith("/same_pid", process.Executable, StringComparison.Ordinal);
        Assert.Equal(process.Pid, run.Result.Violations[0].Tid);
    }

    [SkippableFact]
    public async Task A_program_relative_to_a_directory_descriptor_is_confined()
    {
        using var scratch = new Scratch();
        var program = Guests.Build("writes");
        var run = await engine.RunGuestAsync(
            "execveat_dirfd", scratch, Path.GetDirectoryName(program)!, Path.GetFileName(program), scratch.Out("x"));
        run.Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableTheory]
    [InlineData("execveat_empty_path")]
    [InlineData("execveat_memfd")]
    public async Task A_program_that_is_a_descriptor_is_confined(string guest)
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync(guest, scratch, Guests.Build("writes"), scratch.Out("x"));
        run.Succeeded().HasViolations(1, "openat", scratch.Out("x"));
    }

    [SkippableFact]
    public async Task A_script_runs_by_its_interpreter()
    {
        using var scratch = new Scratch();
        MakeScript(scratch.In("script"), "#!/bin/sh\necho \"$0 $1\"\nexit 6\n");
        var run = (await engine.RunCommandAsync(scratch, scratch.In("script"), "argument")).ExitedWith(6).HasNoViolations();
        Assert.Equal($"{scratch.In("script")} argument\n", run.Output);
    }

    [SkippableFact]
    public async Task A_script_without_an_interpreter_line_runs_by_sh()
    {
        using var scratch = new Scratch();
        MakeScript(scratch.In("script"), "echo \"$1\"\nexit 6\n");
        var run = (await engine.RunCommandAsync(scratch, scratch.In("script"), "argument")).ExitedWith(6);
        Assert.Equal("argument\n", run.Output);
    }

    [SkippableFact]
    public async Task A_command_without_a_slash_is_looked_up_in_the_guest_s_PATH()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.In("bin"));
        MakeScript(scratch.In("bin/catbox-test-program"), "#!/bin/sh\nexit 6\n");
        var spec = EngineFixture.Command(scratch, "catbox-test-program");
        spec = spec with { Environment = spec.Environment.Add("PATH", $"{scratch.In("bin")}:/usr/bin:/bin") };
        (await engine.RunAsync(spec)).ExitedWith(6);
    }

    [SkippableFact]
    public async Task A_program_that_a_tracer_of_an_ordinary_user_cannot_read_is_not_run()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads every program; run the tests as an ordinary user too");
        using var scratch = new Scratch();
        File.Copy(Guests.Build("does_nothing"), scratch.In("unreadable"));
        File.SetUnixFileMode(scratch.In("unreadable"), UnixFileMode.UserExecute);
        (await engine.RunGuestAsync("execs", scratch, scratch.In("unreadable"))).ExitedWith(126);
    }

    [SkippableFact]
    public async Task A_guest_may_execute_a_program_that_fails_and_go_on()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunScriptAsync(scratch, "/nonexistent/program; echo $?; /etc/passwd; echo $?")).Succeeded().HasNoViolations();
        Assert.Equal(["127", "126"], run.OutputLines);
    }

    private static void MakeScript(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
