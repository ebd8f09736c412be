using System.Buffers.Binary;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class ProcessJudgementTests : JudgeFixture
{
    public ProcessJudgementTests()
    {
        Paths.AddDescriptor(5, "anon_inode:[pidfd]", FileKind.Anonymous);
        Paths.AddDescriptor(6, "anon_inode:[pidfd]", FileKind.Anonymous);
    }

    /// <summary>SIGTERM by sigqueue.</summary>
    private ulong Siginfo()
    {
        var info = new byte[48];
        info[0] = 15;
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(8), -1);
        return Memory.Map(info);
    }

    private const ulong Minus = ulong.MaxValue;

    [Theory]
    [InlineData("kill", 11ul)]
    [InlineData("kill", 98ul)]
    [InlineData("tkill", 12ul)]
    [InlineData("rt_sigqueueinfo", 11ul)]
    [InlineData("pidfd_send_signal", 5ul)]
    public void The_sessions_own_may_be_signalled(string call, ulong target) => Allowed(Judge(call, target, 15));

    [Theory]
    [InlineData("kill", 99ul)]
    [InlineData("kill", 0xFFFF_FFFF_0000_0063ul)]
    [InlineData("tkill", 99ul)]
    [InlineData("rt_sigqueueinfo", 99ul)]
    [InlineData("pidfd_send_signal", 6ul)]
    public void Others_may_not(string call, ulong target)
        => Violates(Judge(call, target, 15, Siginfo()), Errno.EPERM, ViolationSubject.Process, "process 99");

    [Fact]
    public void The_thread_of_tgkill_counts()
    {
        Allowed(Judge("tgkill", 11, 12, 15));
        Fails(Judge("tgkill", 11, 99, 15), Errno.ESRCH);
        Violates(Judge("tgkill", 99, 99, 15), Errno.EPERM, ViolationSubject.Process, "process 99");
    }

    [Fact]
    public void Asking_whether_another_lives_is_refused_without_a_violation()
        => Fails(Judge("kill", 99, 0), Errno.EPERM);

    [Fact]
    public void Who_is_nobody_is_ESRCH()
        => Fails(Judge("kill", 12345, 15), Errno.ESRCH);

    [Theory]
    [InlineData(0ul)]
    [InlineData(Minus)]
    [InlineData(Minus - 9)]
    public void Groups_are_signalled_by_the_engine(ulong target)
    {
        Assert.Equal(VerdictKind.OnBehalf, Judge("kill", target, 15).Kind);
        Assert.False(Judgement.IsViolation);
    }

    [Fact]
    public void The_group_of_a_pidfd_is_out_of_bounds()
        => Assert.Equal(Verdict.Deny(Errno.EPERM), Judge("pidfd_send_signal", 5, 15, 0, 4));

    [Theory]
    [InlineData("prlimit64", 0ul, true)]
    [InlineData("prlimit64", 11ul, true)]
    [InlineData("prlimit64", 99ul, false)]
    [InlineData("sched_setscheduler", 12ul, true)]
    [InlineData("sched_setscheduler", 99ul, false)]
    public void A_call_on_a_process_is_for_the_sessions_own(string call, ulong target, bool allowed)
    {
        Assert.Equal(allowed, Judge(call, target, 0, Memory.Map(new byte[16])) == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Theory]
    [InlineData("setpriority", 0ul, 11ul, true)]
    [InlineData("setpriority", 0ul, 99ul, false)]
    [InlineData("setpriority", 1ul, 0ul, true)]
    [InlineData("setpriority", 1ul, 11ul, true)]
    [InlineData("setpriority", 1ul, 99ul, false)]
    [InlineData("setpriority", 1ul, 50ul, false)]
    [InlineData("setpriority", 1ul, 7ul, false)]
    [InlineData("setpriority", 2ul, 0ul, false)]
    [InlineData("ioprio_set", 1ul, 11ul, true)]
    [InlineData("ioprio_set", 2ul, 0ul, true)]
    [InlineData("ioprio_set", 2ul, 11ul, true)]
    [InlineData("ioprio_set", 2ul, 99ul, false)]
    [InlineData("ioprio_set", 3ul, 0ul, false)]
    public void Groups_and_users_reach_beyond_the_session(string call, ulong which, ulong who, bool allowed)
        => Assert.Equal(allowed, Judge(call, which, who, 5) == Verdict.Continue);

    [Theory]
    [InlineData(0ul, VerdictKind.OnBehalf)]
    [InlineData(11ul, VerdictKind.OnBehalf)]
    [InlineData(99ul, VerdictKind.Deny)]
    internal void The_engine_answers_for_the_CPUs_of_its_own(ulong target, VerdictKind kind)
    {
        Context = Context with { PlacesGuests = true };
        Assert.Equal(kind, Judge("sched_setaffinity", target, 8, 0).Kind);
    }

    [Fact]
    public void The_CPUs_of_another_process_may_be_looked_at()
    {
        Context = Context with { PlacesGuests = true };
        Allowed(Judge("sched_getaffinity", 99, 8, 0));
        Assert.Equal(VerdictKind.OnBehalf, Judge("sched_getaffinity", 11, 8, 0).Kind);
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(0, true)]
    [InlineData(99, false)]
    [InlineData(-11, true)]
    [InlineData(-50, false)]
    [InlineData(-99, false)]
    public void SIGIO_goes_to_the_sessions_own(int owner, bool allowed)
    {
        Assert.Equal(allowed, Judge("fcntl", 5, 8, unchecked((ulong)owner)) == Verdict.Continue);
        var structure = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(structure, owner < 0 ? 2 : 1);
        BinaryPrimitives.WriteInt32LittleEndian(structure.AsSpan(4), Math.Abs(owner));
        Assert.Equal(allowed, Judge("fcntl", 5, 15, Memory.Map(structure)) == Verdict.Continue);
        Paths.AddDescriptor(5, "socket:[1]", FileKind.Anonymous);
        Assert.Equal(allowed, Judge("ioctl", 5, 0x8901, Memory.Map(BitConverter.GetBytes(owner))) != Verdict.Deny(Errno.EPERM));
    }

    [Fact]
    public void An_owner_that_cannot_be_read_is_EFAULT()
        => Fails(Judge("fcntl", 5, 15, 0xBAD), Errno.EFAULT);
}
