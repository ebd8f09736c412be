namespace Catbox.Runtime.LinuxTests;

/// <summary>The catbox program on a terminal, as a person has it there.</summary>
[Trait("Category", "Ptrace")]
public sealed class TerminalTests : IDisposable
{
    private const int SIGINT = 2, SIGKILL = 9, SIGTERM = 15, SIGTSTP = 20;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private IEnumerable<string> Catbox(params string[] command) => ["dotnet", CatboxProgram.Path, "run", "-p", _scratch.Inside, .. command];

    private Task<Pty> StartAsync(params string[] command) => Pty.StartAsync(_scratch.Inside, Catbox(command));

    private async Task<Pty> ShellAsync()
    {
        Tools.Need("bash");
        var pty = await StartAsync("--", "bash", "--norc", "--noprofile", "--noediting", "-i");
        await pty.SeesAsync("$ ");
        return pty;
    }

    private async Task<(Pty Pty, int Guest)> TellingAsync(int last = SIGTERM, int code = 7, bool leads = false)
    {
        var pty = await Pty.StartAsync(_scratch.Inside, Catbox("--", Guests.Build("tells_signals"), $"{last}", $"{code}"), leads);
        return (pty, await pty.SeesNumberAsync("ready "));
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("< /dev/null")]
    [InlineData("| cat")]
    public async Task A_guest_is_in_front_of_the_terminal_whatever_its_streams_are(string redirection)
    {
        var guest = Guests.Build("shows_terminal");
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", string.Join(' ', Catbox("--", guest)) + redirection + "; exit 3"]);
        await pty.SeesAsync($"streams {(redirection.StartsWith('<') ? 0 : 1)}{(redirection.StartsWith('|') ? 0 : 1)}1 own 1 front 1");
        await pty.HappensAsync("exited 3");
    }

    [SkippableFact]
    public async Task A_guest_that_is_fed_by_a_pipe_reads_the_keyboard()
    {
        var guest = "read word < /dev/tty; echo got $word";
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", $"echo | {string.Join(' ', Catbox("--", "/bin/sh", "-c"))} '{guest}'"]);
        await pty.TypeAsync("over\n");
        await pty.SeesAsync("got over");
        await pty.HappensAsync("exited 0");
    }

    [SkippableFact]
    public async Task A_shell_reads_commands_and_exits_with_its_code()
    {
        await using var pty = await ShellAsync();
        await pty.TypeAsync("echo $((6 * 7))\n");
        await pty.SeesAsync("\r\n42\r\n");
        await pty.TypeAsync("exit 5\n");
        await pty.HappensAsync("exited 5");
    }

    [SkippableFact]
    public async Task Control_C_ends_a_command_of_the_shell_and_the_shell_lives_on()
    {
        await using var pty = await ShellAsync();
        await pty.TypeAsync($"{Guests.Build("tells_signals")} {SIGINT} 9\n");
        await pty.SeesAsync("ready ");
        await pty.TypeAsync(Pty.CtrlC);
        await pty.SeesAsync("INT 1");
        await pty.TypeAsync("echo status $?\n");
        await pty.SeesAsync("status 9");
        await pty.TypeAsync("exit 4\n");
        await pty.HappensAsync("exited 4");
    }

    [SkippableFact]
    public async Task Control_Z_stops_a_job_of_the_shell_and_fg_continues_it()
    {
        await using var pty = await ShellAsync();
        await pty.TypeAsync("/bin/sh -c 'echo waiting; read word; echo got $word'\n");
        await pty.SeesAsync("\nwaiting");
        await pty.TypeAsync(Pty.CtrlZ);
        await pty.SeesAsync("Stopped");
        await pty.TypeAsync("fg\n");
        await pty.SeesAsync("/bin/sh -c");
        await pty.TypeAsync("again\n");
        await pty.SeesAsync("got again");
        await pty.TypeAsync("exit 0\n");
        await pty.HappensAsync("exited 0");
    }

    [SkippableFact]
    public async Task Control_C_ends_a_plain_command_with_130_and_leaves_nobody()
    {
        await using var pty = await StartAsync("--", "/bin/sh", "-c", "sleep 1000 & echo child $!; exec sleep 1000");
        var child = await pty.SeesNumberAsync("child ");
        await pty.TypeAsync(Pty.CtrlC);
        await pty.HappensAsync("exited 130");
        Assert.False(Processes.IsAlive(child));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Control_C_during_the_start_is_a_quiet_end(int threads)
    {
        // How far the start has come shows in catbox's threads.
        await using var pty = await StartAsync("--", "sleep", "1000");
        await Eventually.IsTrueAsync(
            () => !Directory.Exists($"/proc/{pty.Job}/task") || Directory.EnumerateDirectories($"/proc/{pty.Job}/task").Count() >= threads, "so many threads");
        await pty.TypeAsync(Pty.CtrlC);
        var end = await pty.EndsAsync();
        Assert.True(end is "killed 2" or "exited 130", end);
        Assert.DoesNotContain("catbox", await pty.RestAsync(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Pty.CtrlC, "INT")]
    [InlineData(Pty.CtrlBackslash, "QUIT")]
    public async Task What_the_keyboard_sends_comes_once_and_never_kills(string key, string name)
    {
        var (pty, _) = await TellingAsync();
        await using var scope = pty;
        for (var i = 1; i <= 3; i++)
        {
            await pty.TypeAsync(key);
            await pty.SeesAsync($"{name} {i}\r\n");
        }

        Unconfined.Signal(pty.Job, "TERM");
        Assert.DoesNotContain(name, await pty.SeesAsync("TERM 1"), StringComparison.Ordinal);
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task Control_Z_stops_catbox_with_its_command_and_SIGCONT_continues_both()
    {
        await using var pty = await StartAsync("--", "/bin/sh", "-c", "echo waiting; read word; echo got $word; exit 6");
        await pty.SeesAsync("waiting");
        await pty.TypeAsync(Pty.CtrlZ);
        await pty.HappensAsync($"stopped {SIGTSTP}");
        await pty.OrderAsync("shell");
        await pty.OrderAsync("fg");
        await pty.HappensAsync("continued");
        await pty.TypeAsync("again\n");
        await pty.SeesAsync("got again");
        await pty.HappensAsync("exited 6");
    }

    [SkippableFact]
    public async Task A_resized_window_is_told_to_the_guest()
    {
        var (pty, _) = await TellingAsync();
        await using var scope = pty;
        await pty.OrderAsync("size 31 117");
        await pty.SeesAsync("WINCH 1");
        await pty.SeesAsync("window 31 117");
        Unconfined.Signal(pty.Job, "TERM");
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task SIGTERM_to_catbox_reaches_the_guest_and_its_exit_code_counts()
    {
        var (pty, _) = await TellingAsync();
        await using var scope = pty;
        Unconfined.Signal(pty.Job, "TERM");
        await pty.SeesAsync("TERM 1");
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task A_second_SIGTERM_kills()
    {
        var (pty, guest) = await TellingAsync(last: SIGINT);
        await using var scope = pty;
        await SecondSignalAsync(pty, guest, 137, first: "TERM", second: "TERM");
        await pty.SeesAsync("catbox: killed");
    }

    [SkippableFact]
    public async Task The_same_signal_many_times_at_once_is_one_request()
    {
        // timeout(1) signals its child, and then the group that both are in.
        var (pty, _) = await TellingAsync();
        await using var scope = pty;
        Unconfined.Run("/bin/sh", ["-c", string.Concat(Enumerable.Repeat($"kill -TERM {pty.Job};", 6))]);
        await pty.SeesAsync("TERM 1");
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task A_hang_up_reaches_the_guest_each_time_and_never_kills()
    {
        var (pty, _) = await TellingAsync();
        await using var scope = pty;
        for (var i = 1; i <= 3; i++)
        {
            Unconfined.Signal(pty.Job, "HUP");
            await pty.SeesAsync($"HUP {i}");
        }

        Unconfined.Signal(pty.Job, "TERM");
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task A_signal_that_catbox_was_started_with_ignored_is_not_passed_on()
    {
        // As under nohup(1). The guest has blocked it, and would be told of it all the same.
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", $"trap '' HUP; exec {string.Join(' ', Catbox("--", Guests.Build("tells_signals"), $"{SIGTERM}", "7"))}"]);
        await pty.SeesAsync("ready ");
        Unconfined.Signal(pty.Job, "HUP");
        Unconfined.Signal(pty.Job, "TERM");
        Assert.DoesNotContain("HUP", await pty.SeesAsync("TERM 1"), StringComparison.Ordinal);
        await pty.HappensAsync("exited 7");
    }

    [SkippableFact]
    public async Task SIGINT_to_catbox_reaches_a_guest_that_has_the_front_for_itself()
    {
        // As an interactive shell has: the keyboard's signals then do not come to catbox, so this one is meant.
        await using var pty = await StartAsync("--", Guests.Build("spoils_terminal"));
        await pty.SeesNumberAsync("spoilt ");
        Unconfined.Signal(pty.Job, "INT");
        await pty.HappensAsync("exited 130");
    }

    [SkippableFact]
    public async Task A_guest_that_is_killed_leaves_the_terminal_as_it_was()
    {
        await using var pty = await StartAsync("--", Guests.Build("spoils_terminal"));
        var guest = await pty.SeesNumberAsync("spoilt ");
        var spoilt = await pty.ModesAsync();
        Unconfined.Signal(guest, "KILL");
        await pty.HappensAsync("exited 137");
        Assert.Equal("front job", await pty.FrontAsync());
        Assert.NotEqual(spoilt, await pty.ModesAsync());
        Assert.Equal(await FreshModesAsync(), await pty.ModesAsync());
    }

    [SkippableFact]
    public async Task A_run_that_is_ended_leaves_the_terminal_as_it_was()
    {
        await using var pty = await StartAsync("--timeout", "2s", "--", Guests.Build("spoils_terminal"));
        await pty.SeesNumberAsync("spoilt ");
        await pty.HappensAsync("exited 124");
        Assert.Equal("front job", await pty.FrontAsync());
        Assert.Equal(await FreshModesAsync(), await pty.ModesAsync());
    }

    [SkippableFact]
    public async Task A_guest_that_exits_by_itself_leaves_the_modes_that_it_set()
    {
        await using var pty = await StartAsync("--", "/bin/sh", "-c", "stty -echo; exit 5");
        await pty.HappensAsync("exited 5");
        Assert.NotEqual(await FreshModesAsync(), await pty.ModesAsync());
    }

    [SkippableFact]
    public async Task A_guest_that_exits_by_itself_does_not_keep_the_front()
    {
        await using var pty = await StartAsync("--", Guests.Build("spoils_terminal"), "5");
        await pty.HappensAsync("exited 5");
        Assert.Equal("front job", await pty.FrontAsync());
    }

    [SkippableFact]
    public async Task Stdout_is_the_guests_alone_and_violations_go_to_stderr()
    {
        var script = $"echo said; echo x > {_scratch.Out("x")}; echo done";
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", $"{string.Join(' ', Catbox("--", "/bin/sh", "-c"))} '{script}' > out; exit $?"]);
        await pty.SeesAsync($"catbox: openat {_scratch.Out("x")}: refused (EACCES)");
        await pty.HappensAsync("exited 0");
        Assert.Equal("said\ndone\n", await File.ReadAllTextAsync(_scratch.In("out")));
        Assert.DoesNotContain("said", await pty.RestAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Vim_edits_a_file()
    {
        Tools.Need("vim");
        var file = Scratch.MakeFile(_scratch.In("file"), "first\nlast line\n");
        await using var pty = await StartAsync("--env", "TERM=vt100", "--", "vim", "-u", "NONE", "-i", "NONE", "-n", file);
        await pty.SeesAsync("last line");
        await pty.TypeAsync("Gonew line\x1b:wq\r");
        await pty.HappensAsync("exited 0");
        Assert.Equal("first\nlast line\nnew line\n", await File.ReadAllTextAsync(file));
        Assert.Equal(await FreshModesAsync(), await pty.ModesAsync());
    }

    [SkippableTheory]
    [InlineData("{0} -- less {1}")]
    [InlineData("cat {1} | {0} -- less")]
    public async Task Less_shows_a_file_and_takes_keys(string line)
    {
        Tools.Need("less");
        var file = Scratch.MakeFile(_scratch.In("file"), string.Join('\n', Enumerable.Range(1, 300).Select(static i => $"line {i}.")));
        var command = string.Format(System.Globalization.CultureInfo.InvariantCulture, line, string.Join(' ', Catbox("--env", "TERM=vt100", "--env", "LESSHISTFILE=-")), file);
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", command + "; exit $?"]);
        await pty.SeesAsync("line 20.");
        await pty.TypeAsync("G");
        await pty.SeesAsync("line 300.");
        await pty.TypeAsync("q");
        await pty.HappensAsync("exited 0");
        Assert.Equal(await FreshModesAsync(), await pty.ModesAsync());
    }

    [SkippableFact]
    public async Task A_terminal_that_goes_away_ends_the_guest()
    {
        var (pty, guest) = await TellingAsync(last: 1, code: 8);
        await using var scope = pty;
        await pty.OrderAsync("hangup");
        await pty.HappensAsync("exited 8");
        Assert.False(Processes.IsAlive(guest));
    }

    [SkippableFact]
    public async Task A_terminal_that_goes_away_ends_the_guest_where_catbox_leads_the_session()
    {
        // The kernel tells the leader alone.
        var (pty, guest) = await TellingAsync(last: 1, code: 8, leads: true);
        await using var scope = pty;
        await pty.OrderAsync("hangup");
        await pty.HappensAsync("exited 8");
        Assert.False(Processes.IsAlive(guest));
    }

    [SkippableFact]
    public async Task SIGKILL_to_catbox_leaves_no_guest_on_the_terminal()
    {
        await using var pty = await StartAsync("--", Guests.Build("family_pauses"));
        var family = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            family.Add(int.Parse((await pty.SeesAsync("\n")).Trim(), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.All(family, pid => Assert.True(Processes.IsAlive(pid)));
        Unconfined.Signal(pty.Job, "KILL");
        await pty.HappensAsync($"killed {SIGKILL}");
        await Eventually.IsTrueAsync(() => !family.Exists(Processes.IsAlive), "every guest is gone");
    }

    /// <summary>Sends a signal, waits until the guest has it, and sends another.</summary>
    private static async Task SecondSignalAsync(Pty pty, int guest, int code, string first, string second)
    {
        Unconfined.Signal(pty.Job, first);
        await pty.SeesAsync($"{first} 1");
        Assert.True(Processes.IsAlive(guest));
        Unconfined.Signal(pty.Job, second);
        await pty.HappensAsync($"exited {code}");
        Assert.False(Processes.IsAlive(guest));
    }

    /// <summary>The modes of a terminal that nobody changed.</summary>
    private async Task<string> FreshModesAsync()
    {
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["true"]);
        await pty.HappensAsync("exited 0");
        return await pty.ModesAsync();
    }
}
