using System.Buffers.Binary;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class RequestJudgementTests : JudgeFixture
{
    [Theory]
    [InlineData(0xC0045877)] // FIFREEZE
    [InlineData(0x8004587D)] // EXT4_IOC_SHUTDOWN
    [InlineData(0xC038586B)] // XFS_IOC_OPEN_BY_HANDLE
    [InlineData(0x5000940E)] // BTRFS_IOC_SUBVOL_CREATE
    [InlineData(0xFFFF_FFFF_C004_5878)] // FITHAW, with garbage above
    public void The_whole_file_system_is_not_asked_through_any_descriptor_under_any_mode(ulong request)
    {
        Paths.AddDescriptor(7, "/w/file", FileKind.Regular);
        Paths.AddDescriptor(8, "/w/gone (deleted)", FileKind.Anonymous);
        foreach (var mode in new[] { OnViolation.Deny, OnViolation.Log })
        {
            Policy = Policy with { OnViolation = mode };
            Violates(Judge("ioctl", 7, request, 0), Errno.ENOTTY, ViolationSubject.Call, "/w/file");
            Violates(Judge("ioctl", 8, request, 0), Errno.ENOTTY, ViolationSubject.Call, "/w/gone (deleted)");
        }
    }

    [Fact]
    public void What_no_table_knows_is_not_there_on_files_and_the_devices_own_on_one_that_may_be_written()
    {
        Policy = Policy with { Writable = ["/w", "/dev/video0"] };
        Paths.AddDescriptor(7, "/w/file", FileKind.Regular);
        Paths.AddDescriptor(8, "/out/file", FileKind.Regular);
        Paths.AddDescriptor(9, "/dev/null", FileKind.CharacterDevice);
        Paths.AddDescriptor(10, "/dev/video0", FileKind.CharacterDevice);
        Paths.AddDescriptor(11, "/dev/video1", FileKind.CharacterDevice);
        Paths.AddDescriptor(12, "anon_inode:[timerfd]", FileKind.Anonymous);
        foreach (var fd in new ulong[] { 7, 8, 9 })
        {
            Fails(Judge("ioctl", fd, 0x4004EE01, 0), Errno.ENOTTY);
        }

        Allowed(Judge("ioctl", 10, 0x4004EE01, 0));
        Violates(Judge("ioctl", 11, 0x4004EE01, 0), Errno.EPERM, ViolationSubject.Write, "/dev/video1");
        Allowed(Judge("ioctl", 12, 0x4004EE01, 0));
        Fails(Judge("ioctl", 99, 0x4004EE01, 0), Errno.EBADF);
    }

    [Theory]
    [InlineData(0x8914)]
    [InlineData(0x89F0)]
    [InlineData(0x8B1A)]
    public void The_network_is_not_configured_through_a_socket(ulong request)
    {
        Paths.AddDescriptor(7, "socket:[1]", FileKind.Anonymous);
        Paths.AddDescriptor(8, "pipe:[1]", FileKind.Anonymous);
        Violates(Judge("ioctl", 7, request, 0), Errno.EPERM, ViolationSubject.Call, "socket:[1]");
        Allowed(Judge("ioctl", 8, request, 0));
    }

    [Fact]
    public void Every_target_of_a_deduplication_is_judged()
    {
        Paths.AddDescriptor(7, "/w/file", FileKind.Regular);
        Paths.AddDescriptor(8, "/out/file", FileKind.Regular);
        Allowed(Judge("ioctl", 7, 0xC0189436, Targets(7, 7)));
        Violates(Judge("ioctl", 7, 0xC0189436, Targets(7, 8)), Errno.EPERM, ViolationSubject.Write, "/out/file");
        Fails(Judge("ioctl", 7, 0xC0189436, 0xBAD), Errno.EFAULT);
    }

    [Fact]
    public void What_may_be_opened_without_asking_may_not_be_changed()
    {
        Paths.AddDescriptor(7, "/dev/null", FileKind.CharacterDevice);
        Paths.AddDescriptor(8, "/dev/pts/3", FileKind.CharacterDevice);
        foreach (var (fd, path) in new[] { (7ul, "/dev/null"), (8ul, "/dev/pts/3") })
        {
            Violates(Judge("fchmod", fd, 0x1FF), Errno.EACCES, ViolationSubject.Write, path);
            Violates(Judge("fchown", fd, 1, 1), Errno.EACCES, ViolationSubject.Write, path);
            Violates(Judge("ioctl", fd, 0x40086602, 0), Errno.EPERM, ViolationSubject.Write, path);
        }

        Policy = Policy with { Writable = ["/dev"] };
        Allowed(Judge("fchmod", 7, 0x1FF));
    }

    [Fact]
    public void What_the_session_was_given_takes_writes_and_times_and_nothing_else()
    {
        Inherited = [new InheritedObject(1, 17, true)];
        Paths.AddDescriptor(1, "/out/log", FileKind.Regular, 17);
        Allowed(Judge("ftruncate", 1, 0));
        Allowed(Judge("utimensat", 1, 0, 0, 0));
        Violates(Judge("fchmod", 1, 0x9FF), Errno.EACCES, ViolationSubject.Write, "/out/log");
    }

    [Fact]
    public void A_file_that_lost_its_name_is_judged_by_it()
    {
        Paths.AddDescriptor(7, "/w/gone (deleted)", FileKind.Anonymous);
        Paths.AddDescriptor(8, "/out/gone (deleted)", FileKind.Anonymous);
        Paths.AddDescriptor(9, "/memfd:x (deleted)", FileKind.Anonymous);
        Allowed(Judge("fchmod", 7, 0x1FF));
        Violates(Judge("fchmod", 8, 0x1FF), Errno.EACCES, ViolationSubject.Write, "/out/gone (deleted)");
        Allowed(Judge("fchmod", 9, 0x1FF));
    }

    [Fact]
    public void The_limit_of_core_dumps_is_nothing_and_stays_it()
    {
        Context = Context with { DumpsNoCore = true };
        Assert.Equal(Verdict.Fake(0), Judge("setrlimit", 4, Limits(0, 0)));
        Violates(Judge("setrlimit", 4, Limits(0, 1)), Errno.EPERM, ViolationSubject.Call, "RLIMIT_CORE");
        Fails(Judge("setrlimit", 4, Limits(2, 1)), Errno.EINVAL);
        Fails(Judge("setrlimit", 4, 0xBAD), Errno.EFAULT);
        Assert.Equal(Verdict.Fake(0), Judge("prlimit64", 0, 4, Limits(0, 0), 0));
        Allowed(Judge("prlimit64", 0, 4, Limits(0, 0), 0x1000));
    }

    [Fact]
    public void Another_limit_is_the_callers_and_so_is_that_of_core_dumps_where_nobody_needs_it_shut()
    {
        Allowed(Judge("setrlimit", 4, Limits(0, 1)));
        Allowed(Judge("prlimit64", 0, 4, Limits(0, 1), 0));
        Context = Context with { DumpsNoCore = true };
        Allowed(Judge("setrlimit", 7, Limits(0, 1)));
        Allowed(Judge("prlimit64", 0, 7, Limits(0, 1), 0));
        Allowed(Judge("prlimit64", 0, 4, 0, 0x1000));
    }

    [Fact]
    public void A_limit_of_core_dumps_that_is_the_callers_is_set_and_not_only_asked_for()
    {
        Allowed(Judge("prlimit64", 0, 4, Limits(0, 0), 0x1000));
        Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
        Context = Context with { DumpsNoCore = true };
        Allowed(Judge("prlimit64", 0, 4, Limits(0, 0), 0x1000));
        Assert.Equal(EnactmentKind.Slot, EnactmentPlanner.Of(Request, Judgement));
        var call = new SlotCall();
        SlotCalls.Plan(Request, Judgement, call);
        Assert.Equal((4ul, 0ul, 0x1000ul), (call.Args[1], call.Args[2], call.Args[3]));
    }

    private ulong Limits(ulong soft, ulong hard)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, soft);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), hard);
        return Memory.Map(bytes);
    }

    private ulong Targets(params int[] descriptors)
    {
        var bytes = new byte[24 + (32 * descriptors.Length)];
        bytes[16] = (byte)descriptors.Length;
        for (var i = 0; i < descriptors.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24 + (32 * i)), descriptors[i]);
        }

        return Memory.Map(bytes);
    }
}
