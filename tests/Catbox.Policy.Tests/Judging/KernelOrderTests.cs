using System.Buffers.Binary;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>What the kernel says first, of calls that we would refuse.</summary>
public sealed class KernelOrderTests : JudgeFixture
{
    private const int CAP_SYS_ADMIN = 21;
    private const ulong Bad = 0xBAD;

    [Fact]
    public void A_refused_call_with_good_arguments_is_a_violation()
        => Violates(Judge("mount", Text("none"), Text("/w"), Text("tmpfs"), 0, 0), Errno.EPERM, ViolationSubject.Call, "/w");

    [Fact]
    public void An_order_belongs_to_a_call_of_the_table()
    {
        var orders = KernelOrders.Of(LinuxX64.Table);

        Assert.Equal(LinuxX64.Table.HighestNumber + 1, orders.Length);
        Assert.NotNull(orders[LinuxX64.Table.Named("mount").Number]);
        Assert.NotNull(orders[LinuxX64.Table.Named("mq_unlink").Number]);
        Assert.Null(orders[LinuxX64.Table.Named("read").Number]);
        var less = new SyscallTable("x86_64", LinuxX64.Table.AuditArchitecture, [.. LinuxX64.Table.Rows.Where(static r => r.Name != "mount")]);
        Assert.Contains("mount", Assert.Throws<InvalidOperationException>(() => KernelOrders.Of(less)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_mistakes_the_kernels_first_one_is_told()
    {
        Tree.Answers.Lacks.Add(CAP_SYS_ADMIN);
        Fails(Judge("mount", Bad, Text("/nothing"), Bad, 0, 0), Errno.EFAULT);
        Fails(Judge("mount", Text("none"), Text("/nothing"), Text("tmpfs"), 0, 0), Errno.ENOENT);
        Fails(Judge("mount", Text("none"), Text("/w"), Text("tmpfs"), 0, 0), Errno.EPERM);
        Fails(Judge("umount2", Bad, 0x40), Errno.EINVAL);
        Fails(Judge("pivot_root", Bad, Bad), Errno.EPERM);
    }

    [Fact]
    public void Under_collect_only_the_kernel_says_it_itself_but_for_what_could_hurt_the_engine()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Allowed(Judge("swapon", Bad, 0));
        Fails(Judge("mount", Bad, Bad, Bad, 0, 0), Errno.EFAULT);
    }

    [Fact]
    public void A_violation_that_kills_is_none_where_the_call_fails_anyway()
    {
        Policy = Policy with { OnViolation = OnViolation.Kill };
        Fails(Judge("swapon", Bad, 0), Errno.EFAULT);
        Paths.Add("/w/swap", FileKind.Regular);
        Assert.Equal(VerdictKind.Kill, Judge("swapon", Text("/w/swap"), 0).Kind);
    }

    [Fact]
    public void A_socket_that_the_kernel_would_not_make_is_its_own_error()
    {
        Tree.Answers.SocketError = Errno.EAFNOSUPPORT;
        Fails(Judge("socket", 45, 1, 0), Errno.EAFNOSUPPORT);
        Tree.Answers.SocketError = Errno.None;
        Violates(Judge("socket", 45, 1, 0), Errno.EACCES, ViolationSubject.Socket, "family 45 SOCK_STREAM");
    }

    [Fact]
    public void What_is_no_socket_is_told_before_where_it_would_go()
    {
        byte[] address = [2, 0, 0, 80, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0];
        Fails(Judge("connect", 7, Memory.Map(address), 16), Errno.EBADF);
        Paths.AddDescriptor(7, "/w/file", FileKind.Regular);
        Fails(Judge("connect", 7, Memory.Map(address), 16), Errno.ENOTSOCK);
        Fails(Judge("bind", 7, Bad, 16), Errno.ENOTSOCK);
        Fails(Judge("connect", 7, Bad, 16), Errno.EFAULT);
        Paths.AddDescriptor(8, "socket:[1]", FileKind.Anonymous);
        Tree.Answers.SocketKind = (1, 1);
        Fails(Judge("connect", 8, Memory.Map(address), 16), Errno.EINVAL);
        Tree.Answers.SocketKind = (2, 1);
        Violates(Judge("connect", 8, Memory.Map(address), 16), Errno.EACCES, ViolationSubject.Connect, "1.2.3.4:80");
    }

    [Theory]
    [InlineData("kill", 99ul, 99ul, "EINVAL")]
    [InlineData("kill", 99ul, 15ul, "EPERM")]
    [InlineData("sched_setparam", 0xFFFFFFFFul, 0ul, "EINVAL")]
    [InlineData("sched_setparam", 12345ul, Bad, "EFAULT")]
    [InlineData("rt_sigqueueinfo", 12345ul, 15ul, "EFAULT")]
    [InlineData("setpriority", 9ul, 99ul, "EINVAL")]
    [InlineData("setpriority", 1ul, 4444ul, "ESRCH")]
    public void Calls_on_processes_fail_in_the_kernels_order(string call, ulong first, ulong second, string errno)
    {
        Tree.Answers.OutOfReach.Add(99);
        Tree.Answers.NoGroups.Add(4444);
        var verdict = Judge(call, first, second);
        Assert.Equal(errno, verdict.Errno.ToString());
        Assert.False(Judgement.IsViolation);
    }

    [Theory]
    [InlineData(7ul, 0ul, "EBADF")]
    [InlineData(7ul, 8ul, "EINVAL")]
    [InlineData(7ul, 3ul, "EINVAL")]
    [InlineData(8ul, 4ul, "EBADF")]
    [InlineData(9ul, 0ul, "ESRCH")]
    public void A_pidfd_is_looked_at_before_whom_it_stands_for(ulong fd, ulong flags, string errno)
    {
        Paths.AddDescriptor(8, "/w/file", FileKind.Regular);
        Paths.AddDescriptor(9, "anon_inode:[pidfd]", FileKind.Anonymous);
        var verdict = Judge("pidfd_send_signal", fd, 15, 0, flags);
        Assert.Equal(errno, verdict.Errno.ToString());
        Assert.False(Judgement.IsViolation);
    }

    [Fact]
    public void A_directory_of_proc_is_a_pidfd()
    {
        Paths.AddDescriptor(8, "/proc/11", FileKind.Directory);
        Paths.AddDescriptor(9, "/proc/99", FileKind.Directory);
        Allowed(Judge("pidfd_send_signal", 8, 15, 0, 0));
        Violates(Judge("pidfd_send_signal", 9, 15, 0, 0), Errno.EPERM, ViolationSubject.Process, "process 99");
    }

    [Theory]
    [InlineData(-10000, 0, true)]
    [InlineData(-1, 4, true)]
    [InlineData(-10001, 4, false)]
    public void The_caller_itself_may_be_signalled_by_a_number_and_its_group_may_not(int fd, int flags, bool allowed)
        => Assert.Equal(allowed, Judge("pidfd_send_signal", unchecked((ulong)fd), 15, 0, (ulong)flags) == Verdict.Continue);

    [Fact]
    public void A_device_is_made_by_nobody_but_the_name_comes_first()
    {
        const ulong S_IFCHR = 0x2000;
        Fails(Judge("mknod", Text("/w/missing/x"), S_IFCHR, 0x102), Errno.ENOENT);
        Paths.Add("/w/file", FileKind.Regular);
        Fails(Judge("mknod", Text("/w/file"), S_IFCHR, 0x102), Errno.EEXIST);
        Violates(Judge("mknod", Text("/w/x"), S_IFCHR, 0x102), Errno.EPERM, ViolationSubject.Call, "/w/x");
        Tree.Answers.Lacks.Add(27);
        Fails(Judge("mknod", Text("/w/x"), S_IFCHR, 0x102), Errno.EPERM);
    }

    [Fact]
    public void A_link_that_is_not_followed_is_not_executed()
    {
        Policy = Policy with { Executable = ["/w"] };
        Paths.Add("/out/link", FileKind.Symlink, "/out/nothing");
        Fails(Judge("execveat", AtFdCwd, Text("/out/link"), 0, 0, 0x100), Errno.ELOOP);
        Fails(Judge("execveat", AtFdCwd, Text("/out/nothing"), 0, 0, 0x4000), Errno.EINVAL);
    }

    [Fact]
    public void A_queue_that_is_not_there_is_no_violation_and_one_that_Landlock_shuts_is_not_made()
    {
        Tree.Answers.QueueError = Errno.ENOENT;
        Fails(Judge("mq_open", Text("q"), 2, 0, 0), Errno.ENOENT);
        Violates(Judge("mq_open", Text("q"), 0x42, 0, 0), Errno.EACCES, ViolationSubject.Write, "/dev/mqueue/q");
        Policy = Policy with { Writable = ["/dev/mqueue"] };
        Allowed(Judge("mq_open", Text("q"), 0x42, 0, 0));
        Context = Context with { QueuesAreShut = true };
        Violates(Judge("mq_open", Text("q"), 0x42, 0, 0), Errno.EACCES, ViolationSubject.Queue, "/dev/mqueue/q");
        Allowed(Judge("mq_open", Text("q"), 0, 0, 0));
    }

    [Theory]
    [InlineData("/out", 2ul, "EACCES")]
    [InlineData("/out/missing", 2ul, "ENOENT")]
    [InlineData("/out", 10ul, "EACCES")]
    [InlineData("/out", 4ul, "no error")]
    [InlineData("/w", 2ul, "no error")]
    public void Access_for_writing_is_answered_by_the_rules(string path, ulong mode, string errno)
    {
        var verdict = Judge("access", Text(path), mode & 7);
        Assert.Equal(errno, verdict.Errno.ToString());
        Assert.False(Judgement.IsViolation);
    }

    [Fact]
    public void Collect_only_asks_the_kernel_whether_something_may_be_written()
    {
        Policy = Policy with { OnViolation = OnViolation.Log };
        Allowed(Judge("access", Text("/out"), 2));
    }

    [Fact]
    public void The_mask_of_another_may_be_looked_at()
    {
        Context = Context with { PlacesGuests = true };
        Allowed(Judge("sched_getaffinity", 99, 8, 0));
        Assert.Equal(VerdictKind.OnBehalf, Judge("sched_getaffinity", 11, 8, 0).Kind);
        Fails(Judge("sched_setaffinity", 99, 8, Bad), Errno.EFAULT);
    }

    [Fact]
    public void An_owner_of_a_kind_that_is_none_comes_before_who_it_is()
    {
        Paths.AddDescriptor(5, "pipe:[1]", FileKind.Anonymous);
        var owner = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(owner, 9);
        BinaryPrimitives.WriteInt32LittleEndian(owner.AsSpan(4), 99);
        Fails(Judge("fcntl", 5, 15, Memory.Map(owner)), Errno.EINVAL);
        Fails(Judge("fcntl", 6, 8, 99), Errno.EBADF);
    }
}
