using System.Text;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Every call that changes a file, in every form and by every kind of name: inside it works, outside it is refused.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class FileCallTests(EngineFixture engine)
{
    private const int EACCES = -13;

    public static TheoryData<string> Calls => [.. FileCalls.All.Select(c => c.Name)];

    public static TheoryData<string, string> CallsAndWays
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var call in FileCalls.All)
            {
                foreach (var way in (string[])["absolute", "dots", "door", "directory", .. call.At ? (string[])["descriptor"] : []])
                {
                    data.Add(call.Name, way);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> FollowingCalls =>
        [.. FileCalls.All.Where(c => c.Follows && c.ByPath && c.Needs == FileCalls.Needs.File).Select(c => c.Name)];

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task A_call_inside_works_and_does_what_it_does_without_a_sandbox(string name)
    {
        var call = FileCalls.Named(name);
        using var outside = new Scratch();
        Assert.Equal(0, FileCalls.Outside([name, .. FileCalls.Prepare(call, outside.In("a"), outside.In("b"))]));
        using var scratch = new Scratch();
        var arguments = FileCalls.Prepare(call, scratch.In("a"), scratch.In("b"));
        (await ResultAsync(scratch, 0, [name, .. arguments])).HasNoViolations();
        Assert.Equal(Scratch.Snapshot(outside.Inside), Scratch.Snapshot(scratch.Inside));
        if (name.Contains("xattr", StringComparison.Ordinal))
        {
            var expected = name.Contains("remove", StringComparison.Ordinal) ? -61 : 0;
            Assert.Equal(expected, FileCalls.Outside("getxattr", scratch.In("a")));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(CallsAndWays))]
    public async Task A_call_outside_is_refused_and_one_violation(string name, string way)
    {
        var call = FileCalls.Named(name);
        using var scratch = new Scratch();
        var arguments = FileCalls.Prepare(call, scratch.Out("a"), scratch.Out("b"));
        FileCalls.Outside([name, .. FileCalls.Prepare(call, scratch.In("probe"), scratch.In("probe2"))]); // skips what this machine lacks
        var before = Scratch.Snapshot(scratch.Outside);
        Directory.CreateDirectory(scratch.In("sub"));
        File.CreateSymbolicLink(scratch.In("door"), scratch.Outside);
        string[] given = way switch
        {
            "dots" => [.. arguments.Select(a => scratch.In("sub/../../out/") + Path.GetFileName(a))],
            "door" => [.. arguments.Select(a => scratch.In("door/") + Path.GetFileName(a))],
            _ => arguments,
        };
        string[] option = way switch { "directory" => ["-c"], "descriptor" => ["-d"], _ => [] };
        if (way == "directory" && given.Length == 2)
        {
            given[1] = scratch.Out("b");
        }

        var run = (await ResultAsync(scratch, EACCES, [.. option, name, .. given])).HasViolations(1);
        var violation = run.Result.Violations[0];
        Assert.Equal(call.Operation, violation.Operation);
        Assert.Contains(violation.ResolvedText, arguments);
        if (call.ByPath && given.Length == 1)
        {
            Assert.Equal(option.Length == 0 ? given[0] : "a", violation.GivenText);
        }

        Assert.Equal(before, Scratch.Snapshot(scratch.Outside));
    }

    [SkippableTheory]
    [MemberData(nameof(FollowingCalls))]
    public async Task A_call_through_a_symlink_inside_is_judged_by_what_the_link_leads_to(string name)
    {
        var call = FileCalls.Named(name);
        using var scratch = new Scratch();
        FileCalls.Outside([name, .. FileCalls.Prepare(call, scratch.In("probe"), "")]);
        FileCalls.Prepare(call, scratch.Out("a"), "");
        var before = Scratch.Snapshot(scratch.Outside);
        File.CreateSymbolicLink(scratch.In("second"), "../out/a");
        File.CreateSymbolicLink(scratch.In("first"), "second");
        (await ResultAsync(scratch, EACCES, name, scratch.In("first"))).HasViolations(1, call.Operation, scratch.Out("a"));
        Assert.Equal(before, Scratch.Snapshot(scratch.Outside));
    }

    [SkippableTheory]
    [InlineData("open-creat")]
    [InlineData("open-rdonly-creat")]
    [InlineData("openat-creat")]
    [InlineData("openat2-creat")]
    [InlineData("creat")]
    public async Task A_dangling_symlink_inside_does_not_make_its_target_outside(string name)
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.In("link"), scratch.Out("target"));
        var run = await ResultAsync(scratch, EACCES, name, scratch.In("link"));
        run.HasViolations(1, FileCalls.Named(name).Operation, scratch.Out("target"));
        Assert.False(File.Exists(scratch.Out("target")));
    }

    [SkippableTheory]
    [InlineData("open-creat")]
    [InlineData("openat2-creat")]
    public async Task A_dangling_symlink_that_leads_inside_makes_its_target(string name)
    {
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.Out("link"), scratch.In("target"));
        (await ResultAsync(scratch, 0, name, scratch.Out("link"))).HasNoViolations();
        Assert.True(File.Exists(scratch.In("target")));
    }

    [SkippableTheory]
    [InlineData("rename")]
    [InlineData("renameat")]
    [InlineData("renameat2")]
    [InlineData("renameat2-exchange")]
    [InlineData("link")]
    [InlineData("linkat")]
    [InlineData("linkat-empty")]
    public async Task A_call_of_two_names_needs_both_inside(string name)
    {
        var call = FileCalls.Named(name);
        using var scratch = new Scratch();
        var before = Listing();
        await BothWaysAsync(scratch.In("a"), scratch.Out("a"));
        await BothWaysAsync(scratch.Out("b"), scratch.In("b"));
        Assert.Equal(before, Listing());

        async Task BothWaysAsync(string first, string second)
        {
            var arguments = FileCalls.Prepare(call, first, second);
            var outside = first.StartsWith(scratch.Outside, StringComparison.Ordinal) ? first : second;
            (await ResultAsync(scratch, EACCES, [name, .. arguments])).HasViolations(1, call.Operation, outside);
            Assert.Equal("old", File.ReadAllText(first));
            Assert.Equal(call.Needs == FileCalls.Needs.TwoFiles, File.Exists(second));
            File.Delete(first);
            File.Delete(second);
        }

        string Listing() => Scratch.Snapshot(scratch.Root);
    }

    [SkippableTheory]
    [InlineData("tmpfile-linkat")]
    [InlineData("tmpfile-linkat-empty")]
    public async Task A_file_without_a_name_gets_one_inside_only(string name)
    {
        using var scratch = new Scratch();
        Skip.If(FileCalls.Outside(name, scratch.Inside, scratch.In("probe")) != 0, "this kernel does not link such a file for this user");
        (await ResultAsync(scratch, 0, name, scratch.Inside, scratch.In("new"))).HasNoViolations();
        Assert.True(File.Exists(scratch.In("new")));
        (await ResultAsync(scratch, EACCES, name, scratch.Inside, scratch.Out("new"))).HasViolations(1, "linkat", scratch.Out("new"));
        Assert.False(File.Exists(scratch.Out("new")));
    }

    // What the kernel says inside must come back unchanged: paths that do not resolve, slashes at the end, dots, loops, wrong kinds.
    [SkippableTheory]
    [InlineData("open-wronly", "file/")]
    [InlineData("open-wronly", "file/x")]
    [InlineData("open-wronly", "missing/x")]
    [InlineData("open-wronly", "dir")]
    [InlineData("open-wronly", "loop")]
    [InlineData("open-wronly", "loop/x")]
    [InlineData("open-wronly", "dir/../file")]
    [InlineData("open-wronly", "./dir/.././file")]
    [InlineData("open-wronly", "to-file/")]
    [InlineData("open-wronly", "readonly")]
    [InlineData("open-creat", "new/")]
    [InlineData("open-creat", "dangling")]
    [InlineData("open-creat", "dangling/")]
    [InlineData("open-creat-excl", "file")]
    [InlineData("open-creat-excl", "dangling")]
    [InlineData("openat2-no-symlinks", "to-file")]
    [InlineData("openat2-no-symlinks", "file")]
    [InlineData("openat2-beneath", "file")]
    [InlineData("truncate", "dir")]
    [InlineData("truncate", "missing")]
    [InlineData("mkdir", "new/")]
    [InlineData("mkdir", "new//")]
    [InlineData("mkdir", "new/.")]
    [InlineData("mkdir", "dir")]
    [InlineData("mkdir", "dir/")]
    [InlineData("mkdir", "file")]
    [InlineData("mkdir", "dangling")]
    [InlineData("mkdir", "dangling/")]
    [InlineData("mkdir", "missing/new")]
    [InlineData("rmdir", "dir/")]
    [InlineData("rmdir", "dir/.")]
    [InlineData("rmdir", "dir/..")]
    [InlineData("rmdir", "full")]
    [InlineData("rmdir", "file")]
    [InlineData("rmdir", "to-dir")]
    [InlineData("rmdir", "to-dir/")]
    [InlineData("unlink", "dir")]
    [InlineData("unlink", "file/")]
    [InlineData("unlink", "to-dir/")]
    [InlineData("unlink", "dangling")]
    [InlineData("unlink", "missing")]
    [InlineData("unlink", "loop")]
    [InlineData("mknod", "new/")]
    [InlineData("mknod", "file")]
    [InlineData("symlink", "new/")]
    [InlineData("symlink", "dangling")]
    [InlineData("bind", "file")]
    [InlineData("bind", "dangling")]
    [InlineData("chmod", "missing")]
    [InlineData("chmod", "dangling")]
    [InlineData("chmod", "to-dir/")]
    [InlineData("lchown", "dangling")]
    [InlineData("lsetxattr", "dangling")]
    [InlineData("utimensat-nofollow", "dangling")]
    [InlineData("removexattr", "file")]
    [InlineData("setxattr", "readonly")]
    public async Task What_the_kernel_answers_inside_comes_back_unchanged(string name, string path)
    {
        using var outside = new Scratch();
        Furnish(outside);
        var expected = FileCalls.Outside(name, outside.Inside + "/" + path);
        using var scratch = new Scratch();
        Furnish(scratch);
        (await ResultAsync(scratch, expected, name, scratch.Inside + "/" + path)).HasNoViolations();
        Assert.Equal(Scratch.Snapshot(outside.Inside), Scratch.Snapshot(scratch.Inside));
    }

    [SkippableTheory]
    [InlineData("mkdir", "new/", "new")]
    [InlineData("mkdir", "new//", "new")]
    [InlineData("rmdir", "dir/", "dir")]
    [InlineData("chmod", "dir/", "dir")]
    [InlineData("chmod", "dir/.", "dir")]
    public async Task A_slash_at_the_end_does_not_hide_a_path_outside(string name, string path, string resolved)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Out("dir"));
        var run = await ResultAsync(scratch, EACCES, name, scratch.Outside + "/" + path);
        run.HasViolations(1, name, scratch.Out(resolved));
        Assert.Equal(scratch.Outside + "/" + path, run.Result.Violations[0].GivenText);
    }

    [SkippableTheory]
    [InlineData("open-creat")]
    [InlineData("mkdir")]
    [InlineData("symlink")]
    public async Task Names_that_are_not_UTF8_are_judged_and_told_as_bytes(string name)
    {
        using var scratch = new Scratch();
        byte[] odd = [0xff, 0x0a, 0xfe, (byte)'x'];
        var inside = await engine.RunGuestAsync("filecalls", scratch, name, new GuestString([.. Encoding.UTF8.GetBytes(scratch.Inside + "/"), .. odd]));
        Assert.Equal("0\n", inside.Succeeded().HasNoViolations().Error);
        byte[] path = [.. Encoding.UTF8.GetBytes(scratch.Outside + "/"), .. odd];
        var outside = (await engine.RunGuestAsync("filecalls", scratch, name, new GuestString(path))).Succeeded().HasViolations(1);
        Assert.Equal("-13\n", outside.Error);
        Assert.Equal(path, outside.Result.Violations[0].Given);
        Assert.Equal(path, outside.Result.Violations[0].Resolved);
        Assert.Equal(scratch.Out("\\xff\\x0a\\xfex"), outside.Result.Violations[0].ResolvedText);
    }

    [SkippableTheory]
    [InlineData("mount")]
    [InlineData("umount2")]
    public async Task Mounts_are_refused_inside_too(string name)
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("filecalls", scratch, name, scratch.Inside)).Succeeded();
        if (!Environment.IsPrivilegedProcess)
        {
            // The kernel would have said so itself.
            Assert.Equal("-1\n", run.HasNoViolations().Error);
            return;
        }

        Assert.Contains(run.HasViolations(1).Error, (string[])["-1\n", "-13\n"]);
        Assert.Equal(name, run.Result.Violations[0].Operation);
    }

    [SkippableFact]
    public async Task A_message_queue_is_a_file_too()
    {
        using var scratch = new Scratch();
        var queue = "catbox-test-" + Guid.NewGuid().ToString("N");
        FileCalls.Outside("mq_open", queue);
        Assert.Equal(0, FileCalls.Outside("mq_unlink", queue));
        var run = (await ResultAsync(scratch, EACCES, "mq_open", queue)).HasViolations(1);
        Assert.Equal("mq_open", run.Result.Violations[0].Operation);
        Assert.Equal(-2, FileCalls.Outside("mq_unlink", queue));
    }

    [SkippableTheory]
    [InlineData("ftruncate-stdout", true)]
    [InlineData("fchmod-stdout", false)]
    public async Task An_inherited_stream_may_be_written_unless_the_policy_is_strict_and_its_mode_is_never_changed(string name, bool isWriting)
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("filecalls", scratch, name, "-") with { StandardOutput = GuestStream.File(scratch.Out("log")) };
        if (isWriting)
        {
            Assert.Equal("0\n", (await engine.RunAsync(spec)).Succeeded().HasNoViolations().Error);
        }
        else
        {
            Assert.Equal("-13\n", (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "fchmod", scratch.Out("log")).Error);
        }

        var strict = (await engine.RunAsync(spec with { Policy = scratch.Policy with { Strict = true } })).Succeeded();
        Assert.Equal("-13\n", strict.HasViolations(1, name.Split('-')[0], scratch.Out("log")).Error);
    }

    private static void Furnish(Scratch scratch)
    {
        Scratch.MakeFile(scratch.In("file"));
        Directory.CreateDirectory(scratch.In("dir"));
        Directory.CreateDirectory(scratch.In("full"));
        Scratch.MakeFile(scratch.In("full/x"));
        Scratch.MakeFile(scratch.In("readonly"));
        File.SetUnixFileMode(scratch.In("readonly"), UnixFileMode.UserRead);
        File.CreateSymbolicLink(scratch.In("to-file"), "file");
        File.CreateSymbolicLink(scratch.In("to-dir"), "dir");
        File.CreateSymbolicLink(scratch.In("dangling"), "made");
        File.CreateSymbolicLink(scratch.In("loop"), "loop");
    }

    private async Task<GuestRun> ResultAsync(Scratch scratch, int expected, params string[] arguments)
    {
        var run = (await engine.RunGuestAsync("filecalls", scratch, [.. arguments.Select(GuestString.FromString)])).Succeeded();
        if (run.Error != $"{expected}\n")
        {
            Assert.Fail($"{string.Join(' ', arguments)}: expected {expected}; it was {run}");
        }

        return run;
    }
}
