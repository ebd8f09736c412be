namespace Catbox.Runtime.LinuxTests;

/// <summary>Job control reaches whoever shares a terminal. What a guest may reach by it is its own session.</summary>
[Trait("Category", "Ptrace")]
public sealed class TerminalGroupTests : IDisposable
{
    private const int SIGQUIT = 3, SIGUSR1 = 10;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Catbox(params string[] command) => string.Join(' ', ["dotnet", CatboxProgram.Path, "run", "-p", _scratch.Inside, .. command]);

    /// <summary>Runs a command as a job of a shell that has another one in the background, and tells whether that one was reached.</summary>
    private async Task<Pty> BesideAsync(string command)
    {
        var script = "set -m; sleep 1000 & victim=$!; nice=$(cut -d' ' -f19 /proc/$victim/stat); echo victim $victim; " + command
            + "; code=$?; read -r _ _ state _ < /proc/$victim/stat; echo victim is $state nice $(($(cut -d' ' -f19 /proc/$victim/stat) - nice)); kill -KILL $victim; exit $code";
        var pty = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", script]);
        await pty.SeesNumberAsync("victim ");
        return pty;
    }

    private static async Task IsUntouchedAsync(Pty pty)
    {
        await pty.SeesAsync("victim is S nice 0");
        await pty.HappensAsync("exited 0");
    }

    [SkippableTheory]
    [InlineData("auto", "")]
    [InlineData("off", "")]
    [InlineData("off", "read")]
    public async Task A_guest_does_not_join_a_group_outside(string landlock, string reads)
    {
        await using var pty = await BesideAsync(Catbox("--landlock", landlock, "--", Guests.Build("joins_group"), "$victim", reads));
        await pty.SeesAsync("joined none");
        await IsUntouchedAsync(pty);
    }

    [SkippableTheory]
    [InlineData("auto", SIGUSR1, "fcntl")]
    [InlineData("off", SIGUSR1, "fcntl")]
    [InlineData("off", SIGUSR1, "ioctl")]
    [InlineData("off", SIGQUIT, "fcntl")]
    public async Task A_terminal_does_not_send_a_guests_signal_to_others(string landlock, int signal, string way)
    {
        await using var pty = await BesideAsync(Catbox("--landlock", landlock, "--", Guests.Build("sends_by_terminal"), "$victim", $"{signal}", way) + " | cat");
        await pty.SeesAsync("type now");
        await pty.TypeAsync("x\n");
        await pty.SeesAsync("sent none");
        await pty.SeesAsync("victim is S nice 0");
    }

    [SkippableTheory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task A_guest_sets_priorities_of_its_own_groups_alone(string landlock)
    {
        await using var pty = await BesideAsync(Catbox("--landlock", landlock, "--", Guests.Build("nices_group"), "$victim"));
        await pty.SeesAsync("niced none");
        await IsUntouchedAsync(pty);
    }

    [SkippableTheory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task A_guest_changes_its_own_terminal_and_no_other(string landlock)
    {
        await using var other = await Pty.StartAsync(_scratch.Inside, ["/bin/sh", "-c", "echo at $(tty); read word"]);
        await other.SeesAsync("at ");
        var terminal = (await other.SeesAsync("\n")).Trim();
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", Catbox("--landlock", landlock, "--", Guests.Build("changes_terminal"), terminal)]);
        await pty.SeesAsync("changed none");
        await pty.HappensAsync("exited 0");
        Assert.Equal(await FreshModesAsync(), await other.ModesAsync());
        await other.TypeAsync("over\n");
        await other.HappensAsync("exited 0");
    }

    [SkippableFact]
    public async Task A_guest_in_the_background_does_not_take_the_front()
    {
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", $"set -m; {Catbox("--", Guests.Build("takes_front"))} & wait $!; echo ended $?; read line"]);
        await pty.SeesAsync("took none");
        await pty.SeesAsync("ended 0");
        Assert.Equal("front job", await pty.FrontAsync());
        await pty.TypeAsync("over\n");
        await pty.HappensAsync("exited 0");
    }

    [SkippableTheory]
    [InlineData("", "exited 7")]
    [InlineData("pause", "exited 124")]
    public async Task A_guest_that_stops_its_terminals_output_holds_nobody(string pauses, string end)
    {
        await using var pty = await Pty.StartAsync(
            _scratch.Inside, ["/bin/sh", "-c", "exec " + Catbox("--timeout", "3s", "--", Guests.Build("stops_output"), _scratch.Out("x"), pauses)]);
        await pty.HappensAsync(end);
        // What was to be told is told when the guest is gone.
        await pty.SeesAsync($"catbox: openat {_scratch.Out("x")}: refused (EACCES)");
    }

    /// <summary>The modes of a terminal that nobody changed.</summary>
    private async Task<string> FreshModesAsync()
    {
        await using var pty = await Pty.StartAsync(_scratch.Inside, ["true"]);
        await pty.HappensAsync("exited 0");
        return await pty.ModesAsync();
    }
}
