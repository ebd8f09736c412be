using System.Text;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class PathJudgementTests : JudgeFixture
{
    [Fact]
    public void A_write_inside_goes_on_after_one_resolution()
    {
        Allowed(Judge("mkdir", Text("/w/new"), 0x1FF));
        Assert.Equal(1, Paths.Resolutions);
    }

    [Fact]
    public void A_write_outside_is_denied_with_EACCES()
    {
        Violates(Judge("mkdir", Text("../out/new"), 0x1FF), Errno.EACCES, ViolationSubject.Write, "/out/new");
        Assert.Equal("../out/new", Encoding.Latin1.GetString(Judgement.Given.Span));
    }

    [Fact]
    public void Mkdir_on_the_way_to_what_is_writable_is_EEXIST_and_no_violation()
    {
        Policy = new SandboxPolicy { Writable = ["/out/x/y"] };
        Fails(Judge("mkdir", Text("/out"), 0x1FF), Errno.EEXIST);
    }

    [Fact]
    public void Mkdir_of_another_directory_that_exists_is_a_violation()
        => Violates(Judge("mkdir", Text("/out"), 0x1FF), Errno.EACCES, ViolationSubject.Write, "/out");

    [Fact]
    public void Mkdir_on_the_way_that_is_not_there_is_a_violation()
    {
        Policy = new SandboxPolicy { Writable = ["/out/x/y"] };
        Violates(Judge("mkdir", Text("/out/x"), 0x1FF), Errno.EACCES, ViolationSubject.Write, "/out/x");
    }

    [Fact]
    public void A_missing_parent_is_ENOENT_as_the_kernel_says()
        => Fails(Judge("mkdir", Text("/out/missing/new"), 0x1FF), Errno.ENOENT);

    [Theory]
    [InlineData("unlink")]
    [InlineData("rmdir")]
    [InlineData("truncate")]
    [InlineData("chmod")]
    [InlineData("utime")]
    public void What_is_not_there_outside_is_ENOENT_and_no_violation(string call)
        => Fails(Judge(call, Text("/out/missing"), 0), Errno.ENOENT);

    [Fact]
    public void Chown_follows_the_last_link_and_lchown_does_not()
    {
        Paths.Add("/out/file", FileKind.Regular);
        Paths.Add("/w/link", FileKind.Symlink, "/out/file");
        Violates(Judge("chown", Text("/w/link"), 0, 0), Errno.EACCES, ViolationSubject.Write, "/out/file");
        Allowed(Judge("lchown", Text("/w/link"), 0, 0));
    }

    [Fact]
    public void Both_names_of_a_rename_must_be_writable()
    {
        Paths.Add("/out/file", FileKind.Regular);
        Paths.Add("/w/file", FileKind.Regular);
        Violates(Judge("rename", Text("/out/file"), Text("/w/x")), Errno.EACCES, ViolationSubject.Write, "/out/file");
        Violates(Judge("rename", Text("/w/file"), Text("/out/x")), Errno.EACCES, ViolationSubject.Write, "/out/x");
        Allowed(Judge("rename", Text("/w/file"), Text("/w/x")));
    }

    [Fact]
    public void A_directory_with_a_denied_path_in_it_is_not_renamed()
    {
        Policy = Policy with { DenyWrite = ["/w/sub/keep"] };
        Paths.Add("/w/sub", FileKind.Directory);
        Paths.Add("/w/other", FileKind.Directory);
        Violates(Judge("rename", Text("/w/sub"), Text("/w/x")), Errno.EACCES, ViolationSubject.Write, "/w/sub");
        Violates(Judge("rename", Text("/w/other"), Text("/w/sub")), Errno.EACCES, ViolationSubject.Write, "/w/sub");
        Allowed(Judge("rename", Text("/w/other"), Text("/w/x")));
    }

    [Fact]
    public void A_second_name_for_a_file_outside_is_denied()
    {
        Paths.Add("/out/file", FileKind.Regular);
        Violates(Judge("link", Text("/out/file"), Text("/w/x")), Errno.EACCES, ViolationSubject.Write, "/out/file");
    }

    [Fact]
    public void The_file_of_an_open_with_O_TMPFILE_may_be_given_a_name()
    {
        Paths.AddDescriptor(7, "/w/#12 (deleted)", FileKind.Anonymous);
        Allowed(Judge("linkat", 7, Text(""), AtFdCwd, Text("/w/x"), 0x1000));
        Violates(Judge("linkat", 7, Text(""), AtFdCwd, Text("/out/x"), 0x1000), Errno.EACCES, ViolationSubject.Write, "/out/x");
    }

    [Fact]
    public void The_text_of_a_symlink_is_not_judged()
        => Allowed(Judge("symlink", Text("/out/anything"), Text("/w/link")));

    [Theory]
    [InlineData(0x6000ul, 0x801ul, false)]
    [InlineData(0x2000ul, 0x103ul, false)]
    [InlineData(0x2000ul, 0ul, true)]
    [InlineData(0x1000ul, 0x103ul, true)]
    [InlineData(0x8000ul, 0ul, true)]
    public void A_device_node_is_never_made_not_even_below_a_writable_path(ulong mode, ulong device, bool allowed)
    {
        var verdict = Judge("mknod", Text("/w/node"), mode | 0x1B6, device);
        if (allowed)
        {
            Allowed(verdict);
        }
        else
        {
            Violates(verdict, Errno.EPERM, ViolationSubject.Call, "/w/node");
        }
    }

    [Fact]
    public void The_mode_of_mkdir_makes_no_device()
        => Allowed(Judge("mkdir", Text("/w/new"), 0x61FF, 0x801));

    [Fact]
    public void A_descriptor_that_is_not_open_is_EBADF()
        => Fails(Judge("fchmod", 77, 0x1FF), Errno.EBADF);

    [Fact]
    public void A_file_outside_is_not_changed_through_a_descriptor()
    {
        Paths.AddDescriptor(7, "/out/file", FileKind.Regular);
        Violates(Judge("fchmod", 7, 0x1FF), Errno.EACCES, ViolationSubject.Write, "/out/file");
    }

    [Fact]
    public void AT_FDCWD_is_no_descriptor_for_fchmod()
        => Fails(Judge("fchmod", AtFdCwd, 0x1FF), Errno.EBADF);

    [Fact]
    public void What_has_no_path_may_be_changed()
    {
        Paths.AddDescriptor(7, "pipe:[12]", FileKind.Anonymous);
        Allowed(Judge("fchmod", 7, 0x1FF));
    }

    [Fact]
    public void An_empty_path_with_AT_FDCWD_is_the_working_directory()
    {
        Allowed(Judge("fchownat", AtFdCwd, Text(""), 0, 0, 0x1000));
        Policy = new SandboxPolicy();
        Violates(Judge("fchownat", AtFdCwd, Text(""), 0, 0, 0x1000), Errno.EACCES, ViolationSubject.Write, "/w");
    }

    [Theory]
    [InlineData(1, 500ul, true, false, true)]
    [InlineData(1, 500ul, false, false, false)]
    [InlineData(1, 501ul, true, false, false)]
    [InlineData(7, 500ul, true, false, false)]
    [InlineData(1, 500ul, true, true, false)]
    public void What_was_given_as_a_descriptor_may_be_written_through_it(int fd, ulong inode, bool writable, bool strict, bool allowed)
    {
        Policy = Policy with { Strict = strict };
        Inherited = [new InheritedObject(1, inode, writable)];
        Paths.AddDescriptor(fd, "/out/log", FileKind.Regular, 500);
        var verdict = Judge("ftruncate", (ulong)fd, 0);
        Assert.Equal(allowed, verdict == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Fact]
    public void Reads_are_not_resolved_where_no_rule_needs_them()
    {
        Allowed(Judge("stat", Text("/out/file"), 0));
        Assert.Equal(0, Paths.Resolutions);
    }

    [Fact]
    public void A_denied_read_is_a_violation_where_something_is_there()
    {
        Policy = Policy with { DenyRead = ["/out"] };
        Paths.Add("/out/key", FileKind.Regular);
        Violates(Judge("stat", Text("/out/key"), 0), Errno.EACCES, ViolationSubject.Read, "/out/key");
        Fails(Judge("stat", Text("/out/missing"), 0), Errno.ENOENT);
    }

    [Fact]
    public void A_silent_path_is_refused_without_a_violation()
    {
        Policy = Policy with { Silent = ["/out"] };
        Fails(Judge("mkdir", Text("/out/new"), 0x1FF), Errno.EACCES);
    }

    [Fact]
    public void Collect_only_records_and_lets_through()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Assert.Equal(Verdict.Continue, Judge("mkdir", Text("/out/new"), 0x1FF));
        Reported(Errno.EACCES, ViolationSubject.Write, "/out/new");
    }

    [Fact]
    public void Collect_only_lets_the_kernel_say_what_is_not_there()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Allowed(Judge("unlink", Text("/out/missing")));
    }

    [Fact]
    public void Kill_records_and_kills()
    {
        Policy = Policy with { OnViolation = OnViolation.Kill };
        Assert.Equal(Verdict.Kill, Judge("mkdir", Text("/out/new"), 0x1FF));
        Reported(Errno.EACCES, ViolationSubject.Write, "/out/new");
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_never_let_through()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Fails(Judge("unlink", 0xBAD), Errno.EFAULT);
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("bpf")]
    public void What_blinds_the_engine_is_refused_under_collect_only_too(string call)
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Violates(Judge(call, 0, call == "mount" ? Text("/w") : Memory.Map(new byte[8]), call == "mount" ? 0 : 8ul), Errno.EPERM, ViolationSubject.Call, call == "mount" ? "/w" : "");
    }

    [Fact]
    public void A_refused_mount_tells_its_path()
    {
        Violates(Judge("mount", Text("none"), Text("/out"), 0, 0, 0), Errno.EPERM, ViolationSubject.Call, "/out");
        Assert.Equal("/out", Encoding.Latin1.GetString(Judgement.Given.Span));
    }

    [Fact]
    public void A_row_that_stops_and_has_no_form_is_not_let_through()
    {
        var row = new SyscallRow(1, "broken", Disposition.Judge, RequestShape.None, [], FilterNeeds.Writes, SyscallTraits.None, Errno.None, "");
        Fails(Judge(row), Errno.EPERM);
        Fails(Judge(row with { Shape = RequestShape.Paths }), Errno.EPERM);
        Fails(Judge(row with { Shape = RequestShape.Signal }), Errno.EPERM);
    }
}
