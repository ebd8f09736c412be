namespace Catbox.Runtime.LinuxTests.Behalf;

/// <summary>What the kernel would have asked the guest's process for, and what must not hold the tracer.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class BehalfTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task The_limit_of_file_sizes_and_its_signal_are_the_guests()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("file_size_limit", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_lease_does_not_hold_the_tracer()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("lease_is_held", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_NULL_path_is_taken_for_a_descriptor_only_where_the_kernel_does()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("null_paths", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task Landlock_inside_is_answered_as_switched_off()
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("landlock_is_off", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task The_umask_of_one_guest_is_not_handed_down_to_the_next()
    {
        using var scratch = new Scratch();
        var before = (await engine.RunScriptAsync(scratch, "umask")).Succeeded().Output;
        (await engine.RunScriptAsync(scratch, "umask 0117; mkdir made")).Succeeded();
        Assert.Equal(before, (await engine.RunScriptAsync(scratch, "umask")).Succeeded().Output);
        Assert.Equal(before, Unconfined.Run("/bin/sh", ["-c", "umask"]).Succeeded().Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(scratch.In("made")));
    }

    [SkippableFact]
    public async Task A_directory_that_somebody_outside_swaps_for_a_link_is_never_followed()
    {
        using var scratch = new Scratch();
        var (directory, link, aside) = (scratch.In("d"), scratch.In("l"), scratch.In("aside"));
        Directory.CreateDirectory(directory);
        Scratch.MakeFile(Path.Combine(directory, "t"));
        File.CreateSymbolicLink(link, scratch.Outside);
        var outside = Scratch.MakeFile(scratch.Out("t"));
        File.SetUnixFileMode(outside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.SetLastWriteTimeUtc(outside, new DateTime(2001, 9, 9, 0, 0, 0, DateTimeKind.Utc));
        var before = Scratch.Snapshot(scratch.Outside);

        using var stop = new CancellationTokenSource();
        var swaps = 0;
        var swapper = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(directory, aside);
                Directory.Move(link, directory);
                Directory.Move(directory, link);
                Directory.Move(aside, directory);
                swaps++;
            }
        });
        var run = await engine.RunGuestAsync("changes_again", scratch, Path.Combine(directory, "t"), "5000");
        await stop.CancelAsync();
        await swapper;

        run.Succeeded();
        Assert.NotEqual(0, swaps);
        Assert.NotEqual(0, run.Result.ViolationCount);
        Assert.Equal(before, Scratch.Snapshot(scratch.Outside));
    }

    [SkippableFact]
    public async Task The_working_directory_of_a_guest_is_the_hosts_of_now()
    {
        using var scratch = new Scratch();
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = scratch.Outside;
            var spec = EngineFixture.Command(scratch, "/bin/pwd", "-P") with { WorkingDirectory = null };
            Assert.Equal(scratch.Outside + "\n", (await engine.RunAsync(spec)).Succeeded().Output);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
