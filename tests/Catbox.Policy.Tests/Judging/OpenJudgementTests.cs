using System.Buffers.Binary;
using System.Text;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class OpenJudgementTests : JudgeFixture
{
    private const ulong O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_PATH = 0x200000, O_TMPFILE = 0x410000;

    public OpenJudgementTests() => Paths.Add("/out/file", FileKind.Regular);

    private Verdict Open(string path, ulong flags) => Judge("openat", AtFdCwd, Text(path), flags, 0x1A4);

    [Fact]
    public void A_read_only_open_is_not_even_resolved()
    {
        Allowed(Open("/out/file", 0));
        Assert.Equal(0, Paths.Resolutions);
    }

    [Fact]
    public void An_open_for_writing_inside_goes_on_after_one_resolution()
    {
        Allowed(Open("new", O_WRONLY | O_CREAT));
        Assert.Equal(1, Paths.Resolutions);
    }

    [Theory]
    [InlineData(O_WRONLY)]
    [InlineData(O_RDWR)]
    [InlineData(3ul)]
    [InlineData(O_TRUNC)]
    [InlineData(O_CREAT | O_TRUNC)]
    public void What_can_change_a_file_outside_is_a_violation(ulong flags)
        => Violates(Open("/out/file", flags), Errno.EACCES, ViolationSubject.Write, "/out/file");

    [Fact]
    public void O_CREAT_makes_no_file_outside()
        => Violates(Open("/out/new", O_CREAT), Errno.EACCES, ViolationSubject.Write, "/out/new");

    [Fact]
    public void O_CREAT_alone_does_nothing_to_a_file_that_is_there()
        => Allowed(Open("/out/file", O_CREAT));

    [Fact]
    public void O_TMPFILE_needs_a_writable_directory()
    {
        Allowed(Open("/w", O_TMPFILE | O_RDWR));
        Violates(Open("/out", O_TMPFILE | O_RDWR), Errno.EACCES, ViolationSubject.Write, "/out");
    }

    [Fact]
    public void O_PATH_writes_nothing_whatever_else_is_asked()
        => Allowed(Open("/out/file", O_PATH | O_RDWR | O_TRUNC));

    [Fact]
    public void A_file_that_is_not_there_is_ENOENT_and_no_violation()
        => Fails(Open("/out/missing", O_WRONLY), Errno.ENOENT);

    [Fact]
    public void O_EXCL_on_what_is_there_is_EEXIST_and_no_violation()
        => Fails(Open("/out/file", O_WRONLY | O_CREAT | O_EXCL), Errno.EEXIST);

    [Fact]
    public void A_directory_cannot_be_opened_for_writing()
        => Fails(Open("/out", O_WRONLY), Errno.EISDIR);

    [Fact]
    public void A_dangling_link_inside_creates_nothing_outside()
    {
        Paths.Add("/w/link", FileKind.Symlink, "/out/new");
        Violates(Open("link", O_WRONLY | O_CREAT), Errno.EACCES, ViolationSubject.Write, "/out/new");
    }

    [Fact]
    public void The_flags_of_openat2_are_judged_from_memory()
    {
        var how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, O_WRONLY);
        Violates(Judge("openat2", AtFdCwd, Text("/out/file"), Memory.Map(how), 24), Errno.EACCES, ViolationSubject.Write, "/out/file");
    }

    [Fact]
    public void RESOLVE_IN_ROOT_leads_elsewhere_and_is_not_let_through_for_writing()
    {
        var how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, O_WRONLY);
        how[16] = 0x10;
        Fails(Judge("openat2", AtFdCwd, Text("/w/file"), Memory.Map(how), 24), Errno.ENOSYS);
    }

    [Theory]
    [InlineData("/proc/10/mem")]
    [InlineData("/proc/99/mem")]
    [InlineData("/proc/10/task/12/mem")]
    [InlineData("/mnt/proc/10/mem")]
    [InlineData("/mnt/proc/10/task/12/mem")]
    public void Memory_is_never_opened_for_writing_not_even_where_everything_is_writable_and_collected(string path)
    {
        Policy = new SandboxPolicy { Writable = ["/"], OnViolation = OnViolation.Log };
        AddFile(path);
        Violates(Open(path, O_RDWR), Errno.EACCES, ViolationSubject.Write, path);
    }

    [Theory]
    [InlineData("/w/10/mem")]
    [InlineData("/w/10/task/12/mem")]
    [InlineData("/proc/self/mem")] // not canonical: proc has a number there
    public void A_file_of_that_name_elsewhere_is_a_file(string path)
    {
        Policy = new SandboxPolicy { Writable = ["/"] };
        AddFile(path);
        Allowed(Open(path, O_RDWR));
    }

    private void AddFile(string path)
    {
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
        {
            Paths.Add(path[..end], FileKind.Directory);
        }

        Paths.Add(path, FileKind.Regular);
    }

    [Theory]
    [InlineData(10, false, true)]
    [InlineData(12, false, true)] // a thread of the session
    [InlineData(10, true, false)]
    [InlineData(99, false, false)]
    [InlineData(-1, false, false)]
    public void What_has_no_name_is_written_only_where_the_session_has_it_open_for_writing(int process, bool readOnly, bool allowed)
    {
        foreach (var mode in new[] { OnViolation.Deny, OnViolation.Log })
        {
            Policy = new SandboxPolicy { Writable = ["/"], OnViolation = mode };
            Paths.AddMagic("/proc/other/fd/7", "/memfd:doublemapper (deleted)", process, readOnly);
            if (allowed)
            {
                Allowed(Open("/proc/other/fd/7", O_RDWR));
            }
            else
            {
                Violates(Open("/proc/other/fd/7", O_RDWR), Errno.EACCES, ViolationSubject.Write, "/memfd:doublemapper (deleted)");
            }
        }
    }

    [Theory]
    [InlineData("/proc/10/comm", false, true)]
    [InlineData("/proc/99/comm", false, false)]
    [InlineData("/proc/10/comm", true, false)]
    public void A_process_of_the_session_writes_its_own_files_of_proc(string path, bool strict, bool allowed)
    {
        Policy = Policy with { Strict = strict };
        Paths.Add(path, FileKind.Regular);
        Assert.Equal(allowed, Open(path, O_WRONLY) == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Fact]
    public void Standard_output_may_be_opened_again_by_its_descriptor()
    {
        Inherited = [new InheritedObject(1, 500, true)];
        Paths.Add("/dev/stdout", FileKind.Symlink, "/proc/10/fd/1");
        Paths.AddDescriptor(1, "/out/log", FileKind.Regular, 500);
        Allowed(Open("/dev/stdout", O_WRONLY));
    }

    [Fact]
    public void What_was_given_to_be_read_does_not_become_writable()
    {
        Inherited = [new InheritedObject(1, 500, false)];
        Paths.AddDescriptor(0, "/out/input", FileKind.Regular, 500);
        Violates(Open("/proc/10/fd/0", O_WRONLY), Errno.EACCES, ViolationSubject.Write, "/out/input");
    }

    [Fact]
    public void A_terminal_that_was_given_may_be_opened_by_its_name()
    {
        Inherited = [new InheritedObject(1, 600, true)];
        Paths.Add("/dev/tty1", FileKind.CharacterDevice, inode: 600);
        Paths.Add("/dev/tty2", FileKind.CharacterDevice, inode: 601);
        Allowed(Open("/dev/tty1", O_RDWR));
        Violates(Open("/dev/tty2", O_RDWR), Errno.EACCES, ViolationSubject.Write, "/dev/tty2");
    }

    [Fact]
    public void Reading_and_writing_needs_both()
    {
        Policy = new SandboxPolicy { Writable = ["/w"], DenyRead = ["/out"] };
        Violates(Open("/out/file", 0), Errno.EACCES, ViolationSubject.Read, "/out/file");
        Allowed(Open("/w/new", O_RDWR | O_CREAT));
        Fails(Open("/out/missing", 0), Errno.ENOENT);
    }

    [Fact]
    public void A_message_queue_is_a_name_that_is_written()
    {
        Violates(Judge("mq_open", Text("q"), O_CREAT | O_RDWR, 0, 0), Errno.EACCES, ViolationSubject.Write, "/dev/mqueue/q");
        Violates(Judge("mq_unlink", Text("q")), Errno.EACCES, ViolationSubject.Write, "/dev/mqueue/q");
        Violates(Judge("mq_open", Text("q"), 0, 0, 0), Errno.EACCES, ViolationSubject.Write, "/dev/mqueue/q");
        Policy = Policy with { Writable = ["/dev/mqueue/q"] };
        Allowed(Judge("mq_open", Text("q"), O_CREAT | O_RDWR, 0, 0));
    }

    [Fact]
    public void A_program_that_may_not_run_is_a_violation_and_a_missing_one_is_not()
    {
        Policy = Policy with { DenyExecute = ["/out"] };
        Violates(Judge("execve", Text("/out/file"), 0, 0), Errno.EACCES, ViolationSubject.Execute, "/out/file");
        Fails(Judge("execve", Text("/out/missing"), 0, 0), Errno.ENOENT);
        Allowed(Judge("execve", Text("/w/tool"), 0, 0));
    }

    [Fact]
    public void A_program_that_the_tracer_cannot_read_is_refused_under_collect_only_too()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Tree.Readable = false;
        Violates(Judge("execve", Text("/out/file"), 0, 0), Errno.EACCES, ViolationSubject.Execute, "/out/file");
        Fails(Judge("execve", Text("/out/missing"), 0, 0), Errno.ENOENT);
    }

    [Fact]
    public void A_memfd_is_executed_unless_programs_are_listed()
    {
        Paths.AddDescriptor(7, "/memfd:/usr/bin/cc (deleted)", FileKind.Anonymous);
        Allowed(Judge("execveat", 7, Text(""), 0, 0, 0x1000));
        Policy = Policy with { Executable = ["/usr"] };
        Violates(Judge("execveat", 7, Text(""), 0, 0, 0x1000), Errno.EACCES, ViolationSubject.Execute, "/memfd:/usr/bin/cc (deleted)");
    }

    [Theory]
    [InlineData(0x40086602ul, false)]
    [InlineData(0xFFFF_FFFF_4008_6602ul, false)]
    public void An_ioctl_that_changes_an_inode_outside_is_EPERM(ulong request, bool allowed)
    {
        Paths.AddDescriptor(7, "/out/file", FileKind.Regular);
        Paths.AddDescriptor(8, "/w/file", FileKind.Regular);
        Paths.AddDescriptor(9, "socket:[1]", FileKind.Anonymous);
        Violates(Judge("ioctl", 7, request, 0), Errno.EPERM, ViolationSubject.Write, "/out/file");
        Assert.False(allowed);
        Allowed(Judge("ioctl", 8, request, 0));
        Allowed(Judge("ioctl", 9, request, 0));
    }

    [Theory]
    [InlineData(0x5412ul)]
    [InlineData(0x1_0000_5412ul)]
    [InlineData(0xAA00ul)]
    public void Requests_that_reach_out_of_the_session_are_never_made(ulong request)
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Paths.AddDescriptor(7, "/dev/pts/3", FileKind.CharacterDevice);
        Assert.Equal(Verdict.Deny(Errno.EPERM), Judge("ioctl", 7, request, 0));
        Assert.True(Judgement.IsViolation);
    }

    [Fact]
    public void Given_is_the_path_as_the_guest_wrote_it()
    {
        Open("//out/./file", O_WRONLY);
        Assert.Equal("//out/./file", Encoding.Latin1.GetString(Judgement.Given.Span));
    }
}
