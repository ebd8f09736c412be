namespace Catbox.Runtime.LinuxTests;

/// <summary>A run of catbox as a job of the user's shell: it stops when the command stops, and is continued with it.</summary>
[Trait("Category", "Ptrace")]
public sealed class TerminalJobTests : IDisposable
{
    private const int SIGSTOP = 19, SIGTSTP = 20;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Catbox(params string[] command) => string.Join(' ', ["dotnet", CatboxProgram.Path, "run", "-p", _scratch.Inside, .. command]);

    /// <summary>A shell on a terminal, outside of catbox, as a user has it.</summary>
    private async Task<Pty> ShellAsync()
    {
        Tools.Need("bash");
        var pty = await Pty.StartAsync(_scratch.Inside, ["bash", "--norc", "--noprofile", "--noediting", "-i"]);
        await pty.SeesAsync("$ ");
        return pty;
    }

    [SkippableTheory]
    [InlineData("kill -STOP $$", SIGSTOP)]
    [InlineData("kill -TSTP $$", SIGTSTP)]
    [InlineData("kill -TSTP 0", SIGTSTP)]
    [InlineData("sleep 1000 & kill -STOP $$; kill $!", SIGSTOP)]
    public async Task A_command_that_stops_itself_stops_its_job_and_is_continued_with_it(string stops, int signal)
    {
        var script = Scratch.MakeFile(_scratch.In("script"), $"{stops}; echo resumed; exit 6\n");
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--", "/bin/sh", script)]);
        await pty.HappensAsync($"stopped {signal}");
        await pty.OrderAsync("shell");
        await pty.OrderAsync("fg");
        await pty.HappensAsync("continued");
        await pty.SeesAsync("resumed");
        await pty.HappensAsync("exited 6");
    }

    [SkippableFact]
    public async Task A_command_that_is_alone_in_being_continued_goes_on()
    {
        // kill -CONT of catbox itself, as a supervisor does, and not of the job.
        var script = Scratch.MakeFile(_scratch.In("script"), "kill -STOP $$; echo resumed; exit 6\n");
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--", "/bin/sh", script)]);
        await pty.HappensAsync($"stopped {SIGSTOP}");
        Unconfined.Signal(pty.Job, "CONT");
        await pty.HappensAsync("continued");
        await pty.HappensAsync("exited 6");
    }

    [SkippableFact]
    public async Task Nobody_stops_where_no_shell_watches()
    {
        // The group of a session's leader is orphaned: the kernel leaves SIGTSTP out there.
        var script = Scratch.MakeFile(_scratch.In("script"), "kill -TSTP $$; exit 6\n");
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--", "/bin/sh", script)], leads: true);
        await pty.HappensAsync("exited 6");
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Control_Z_during_the_start_stops_it(int threads)
    {
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--", "/bin/sh", "-c", "'sleep 1; exit 6'")]);
        await Eventually.IsTrueAsync(
            () => !Directory.Exists($"/proc/{pty.Job}/task") || Directory.EnumerateDirectories($"/proc/{pty.Job}/task").Count() >= threads, "so many threads");
        await pty.TypeAsync(Pty.CtrlZ);
        await pty.HappensAsync($"stopped {SIGTSTP}");
        await pty.OrderAsync("shell");
        await pty.OrderAsync("fg");
        await pty.HappensAsync("continued");
        await pty.HappensAsync("exited 6");
    }

    [SkippableFact]
    public async Task A_job_runs_on_in_the_background_after_Control_Z_and_comes_back_to_the_front()
    {
        await using var pty = await ShellAsync();
        await pty.TypeAsync(Catbox("--", "/bin/sh", "-c", "'echo guest $$; exec sleep 1000'") + "\n");
        var guest = await pty.SeesNumberAsync("\nguest ");
        await Eventually.IsTrueAsync(() => Processes.State(guest) == 'S', "the guest sleeps");
        await pty.TypeAsync(Pty.CtrlZ);
        await pty.SeesAsync("Stopped");
        await pty.TypeAsync("bg\n");
        await Eventually.IsTrueAsync(() => Processes.State(guest) == 'S', "the guest runs");
        await pty.TypeAsync("jobs\n");
        await pty.SeesAsync("Running");
        await pty.TypeAsync("fg\n");
        await pty.SeesAsync("/bin/sh");
        // bash says so before it puts the job in front.
        await Eventually.IsTrueAsync(() => IsInFront(guest), "the job is in front");
        await pty.TypeAsync(Pty.CtrlC);
        await pty.TypeAsync("echo code $?\n");
        await pty.SeesAsync("code 130");
    }

    [SkippableFact]
    public async Task A_raw_program_keeps_its_modes_when_it_is_continued()
    {
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--", "/bin/sh", "-c", "'trap \"echo told\" HUP; stty raw -echo; echo ready; while :; do sleep 0.1; done'")]);
        await pty.SeesAsync("ready");
        var raw = await pty.ModesAsync();
        await pty.OrderAsync("fg");
        // Passed on by the one that has seen SIGCONT before.
        Unconfined.Signal(pty.Job, "HUP");
        await pty.SeesAsync("told");
        Assert.Equal(raw, await pty.ModesAsync());
        Unconfined.Signal(pty.Job, "TERM");
        await pty.HappensAsync("exited 143");
        Assert.NotEqual(raw, await pty.ModesAsync());
    }

    [SkippableTheory]
    [InlineData("less", "q")]
    [InlineData("vim -u NONE -i NONE -n", ":q!\r")]
    public async Task An_editor_stops_at_the_first_Control_Z_and_comes_back_raw(string program, string quit)
    {
        Tools.Need(program.Split(' ')[0]);
        var file = Scratch.MakeFile(_scratch.In("file"), string.Join('\n', Enumerable.Range(1, 300).Select(static i => $"line {i}.")));
        await using var pty = await ShellAsync();
        var cooked = await pty.ModesAsync();
        await pty.TypeAsync($"{Catbox("--env", "TERM=vt100", "--env", "LESSHISTFILE=-", "--")} {program} {Path.GetFileName(file)}\n");
        await pty.SeesAsync("line 20.");
        var raw = await pty.ModesAsync();
        Assert.NotEqual(cooked, raw);
        for (var i = 0; i < 2; i++)
        {
            await pty.TypeAsync(Pty.CtrlZ);
            await pty.SeesAsync("Stopped");
            await pty.SeesAsync("$ ");
            Assert.Equal(cooked, await pty.ModesAsync());
            await pty.TypeAsync("fg\n");
            await pty.SeesAsync("line 20.");
            Assert.Equal(raw, await pty.ModesAsync());
        }

        await pty.TypeAsync(quit);
        await pty.SeesAsync("$ ");
        await pty.TypeAsync("echo code $?\n");
        await pty.SeesAsync("code 0");
    }

    [SkippableFact]
    public async Task A_shell_that_suspends_itself_comes_back_with_the_front()
    {
        await using var pty = await ShellAsync();
        await pty.TypeAsync(Catbox("--env", "'PS1=inner> '", "--", "bash", "--norc", "--noprofile", "--noediting", "-i") + "\n");
        await pty.SeesAsync("\ninner> ");
        await pty.TypeAsync("suspend\n");
        await pty.SeesAsync("Stopped");
        await pty.SeesAsync("$ ");
        await pty.TypeAsync("fg\n");
        await pty.SeesAsync("inner> ");
        await pty.TypeAsync("echo $((6 * 7)); exit 3\n");
        await pty.SeesAsync("42\r\n");
        await pty.TypeAsync("echo code $?\n");
        await pty.SeesAsync("code 3");
    }

    [SkippableFact]
    public async Task Script_records_a_terminal_of_its_own()
    {
        Tools.Need("script");
        await using var pty = await ShellAsync();
        await pty.TypeAsync(Catbox("--", "script", "-qec", "'stty -echo; tty; exit 4'", _scratch.In("typescript")) + "; echo code $?\n");
        await pty.SeesAsync("\n/dev/pts/");
        await pty.SeesAsync("code 4");
    }

    [SkippableFact]
    public async Task A_job_in_a_window_of_tmux_stops_and_comes_back()
    {
        Tools.Need("tmux");
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["env", "TERM=vt100", "tmux", "-S", _scratch.In("socket"), "-f", "/dev/null", "new-session", "env 'PS1=$ ' bash --norc --noprofile --noediting -i"]);
        await pty.SeesAsync("$ ");
        await pty.TypeAsync(Catbox("--", "/bin/sh", "-c", "'kill -STOP $$; echo re''sumed'") + "\n");
        await pty.SeesAsync("Stopped");
        await pty.TypeAsync("fg\n");
        await pty.SeesAsync("resumed");
        await pty.TypeAsync("exit\n");
        await pty.HappensAsync("exited 0");
    }

    /// <summary>Whether the group of a process is in front of its terminal (proc_pid_stat(5), pgrp and tpgid).</summary>
    private static bool IsInFront(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[2] == fields[5];
    }
}
