using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>What is writable without asking may be opened, and not changed; what others share is not held up through a descriptor that was opened for reading.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class OpenedNotChangedTests(EngineFixture engine)
{
    private static readonly string[] s_changes =
    [
        "chmod", "fchmod", "chmod-link", "chown", "fchown", "fchownat-empty", "utimensat", "futimens", "setxattr", "fsetxattr", "acl", "removexattr", "link", "link-descriptor",
        "rename", "unlink",
    ];

    public static TheoryData<string> Changes => [.. s_changes];

    [SkippableTheory]
    [MemberData(nameof(Changes))]
    public async Task A_device_that_everybody_may_write_is_not_changed(string change)
    {
        using var scratch = new Scratch();
        // Who may open the last one is a matter of how devpts was mounted.
        foreach (var device in new[] { "/dev/full", "/dev/null", "/dev/pts/ptmx" }.Where(static d => File.Exists(d) && (Environment.IsPrivilegedProcess || d != "/dev/pts/ptmx")))
        {
            var before = Status(device);
            var run = await ChangeAsync(scratch, scratch.Policy, change, device, scratch.In("new"));
            Assert.Equal($"{Errno.EACCES.Value}\n", run.Succeeded().HasViolations(1).Output);
            Assert.Equal(before, Status(device));
            Assert.False(File.Exists(scratch.In("new")));
        }
    }

    [SkippableTheory]
    [InlineData("mknod")]
    [InlineData("create")]
    [InlineData("bind")]
    [InlineData("rename-over")]
    public async Task Nothing_is_put_in_its_place(string change)
    {
        using var scratch = new Scratch();
        var before = Status("/dev/full");
        var run = await ChangeAsync(scratch, scratch.Policy, change, "/dev/full", Scratch.MakeFile(scratch.In("file")));
        Assert.NotEqual("0\n", run.Succeeded().Output);
        Assert.Equal(before, Status("/dev/full"));
    }

    [SkippableTheory]
    [InlineData("/dev/null")]
    [InlineData("/dev/zero")]
    public async Task It_is_opened_for_writing_with_O_CREAT_as_shells_do(string device)
    {
        using var scratch = new Scratch();
        Assert.Equal("0\n", (await ChangeAsync(scratch, scratch.Policy, "write", device)).Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task One_that_the_policy_names_is_changed()
    {
        using var scratch = new Scratch();
        var policy = scratch.Policy with { Writable = [scratch.Inside, "/dev/full"] };
        var natively = Unconfined.RunGuest("device_changes", scratch.Inside, "chmod", "/dev/full").Succeeded().Output;
        Assert.Equal(natively, (await ChangeAsync(scratch, policy, "chmod", "/dev/full")).Succeeded().HasNoViolations().Output);
    }

    [SkippableTheory]
    [InlineData("lease", 13)]
    [InlineData("hint", 1)]
    public async Task A_file_outside_gets_no_lease_and_no_hint(string what, int errno)
    {
        using var scratch = new Scratch();
        var (inside, outside) = (Scratch.MakeFile(scratch.In("file")), Scratch.MakeFile(scratch.Out("file")));
        var natively = Unconfined.RunGuest("holds_others", scratch.Inside, what, Scratch.MakeFile(scratch.In("other"))).Succeeded().Output;
        Assert.Equal(natively, (await HoldAsync(scratch, what, inside)).Succeeded().HasNoViolations().Output);
        Assert.Equal($"{errno}\n", (await HoldAsync(scratch, what, outside)).Succeeded().HasViolations(1, "fcntl", outside).Output);
    }

    [SkippableTheory]
    [InlineData("lease", "none")]
    [InlineData("lease", "pipe")]
    [InlineData("pipe-size", "none")]
    [InlineData("pipe-size", "pipe")]
    [InlineData("pipe-size", "file")]
    [InlineData("no-lease", "file")]
    [InlineData("flock", "file")]
    [InlineData("read-lock", "file")]
    [InlineData("advise", "file")]
    [InlineData("watch", "file")]
    public async Task What_the_kernel_refuses_and_what_holds_nobody_up_is_as_outside(string what, string on)
    {
        using var scratch = new Scratch();
        var path = on == "file" ? Scratch.MakeFile(scratch.Out("file")) : on;
        var natively = Unconfined.RunGuest("holds_others", scratch.Inside, what, path).Succeeded().Output;
        Assert.Equal(natively, (await HoldAsync(scratch, what, path)).Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task The_size_of_a_FIFO_outside_stays()
    {
        using var scratch = new Scratch();
        Unconfined.Run("mkfifo", [scratch.Out("fifo")]).Succeeded();
        Assert.Equal($"{Errno.EPERM.Value}\n", (await HoldAsync(scratch, "pipe-size", scratch.Out("fifo"))).Succeeded().HasViolations(1).Output);
    }

    [SkippableFact]
    public async Task A_message_queue_outside_is_not_drained_by_reading()
    {
        using var scratch = new Scratch();
        var name = "/" + Path.GetFileName(scratch.Root);
        Assert.Equal("0\n", Unconfined.RunGuest("drains_queue", scratch.Inside, "own", name, "/dev/mqueue" + name).Succeeded().Output);
        try
        {
            var run = await engine.RunGuestAsync("drains_queue", scratch, "name", GuestString.FromString(name), GuestString.FromString("/dev/mqueue" + name));
            Assert.Equal($"{Errno.EACCES.Value}\n", run.Succeeded().HasViolations(1, "mq_open", "/dev/mqueue" + name).Output);
        }
        finally
        {
            Unconfined.RunGuest("drains_queue", scratch.Inside, "unlink", name, "").Succeeded();
        }
    }

    [SkippableFact]
    public async Task A_queue_of_the_guests_own_is_read()
    {
        using var scratch = new Scratch();
        var name = "/" + Path.GetFileName(scratch.Root);
        var policy = scratch.Policy with { Writable = [scratch.Inside, "/dev/mqueue" + name], Silent = [] };
        Skip.IfNot(Directory.Exists("/dev/mqueue"), "no queues are mounted here");
        var spec = EngineFixture.Guest("drains_queue", scratch, "own", GuestString.FromString(name), "") with { Policy = policy, Landlock = LandlockMode.Off };
        Assert.Equal("0\n", (await engine.RunAsync(spec)).Succeeded().HasNoViolations().Output);
        Unconfined.RunGuest("drains_queue", scratch.Inside, "unlink", name, "").Succeeded();
    }

    private static string Status(string path) => Unconfined.Run("stat", ["-c", "%a %u %g %F %Y", path]).Succeeded().Output;

    private Task<GuestRun> ChangeAsync(Scratch scratch, SandboxPolicy policy, params string[] arguments) => engine.RunAsync(
        EngineFixture.Guest("device_changes", scratch, [.. arguments.Select(GuestString.FromString)]) with { Policy = policy, Landlock = LandlockMode.Off });

    private Task<GuestRun> HoldAsync(Scratch scratch, string what, string path) =>
        engine.RunGuestAsync("holds_others", scratch, what, GuestString.FromString(path));
}
