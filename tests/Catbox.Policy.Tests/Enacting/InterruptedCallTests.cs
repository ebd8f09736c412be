using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

/// <summary>How a call goes on that was ended by a signal which nobody handles.</summary>
public sealed class InterruptedCallTests
{
    private const long EINTR = -4, EAGAIN = -11, ERESTARTSYS = -512, ERESTARTNOHAND = -514;

    [Theory]
    [InlineData("semop", EINTR, Repetition.Whole)]
    [InlineData("semop", EAGAIN, Repetition.None)]
    [InlineData("semop", 0, Repetition.None)]
    [InlineData("semop", ERESTARTNOHAND, Repetition.None)]
    [InlineData("fallocate", EINTR, Repetition.Whole)]
    [InlineData("close", EINTR, Repetition.None)]
    [InlineData("connect", EINTR, Repetition.None)]
    [InlineData("read", ERESTARTSYS, Repetition.None)]
    internal void EINTR_of_a_call_that_has_then_done_nothing_is_made_again_and_no_other(string call, long result, Repetition expected) =>
        Assert.Equal(expected, InterruptedCalls.Of(Row(call), Args(), result));

    [Theory]
    [InlineData("epoll_wait", 3, 0xffffffffUL, Repetition.Whole)]
    [InlineData("epoll_wait", 3, 100UL, Repetition.Timed)]
    [InlineData("epoll_pwait2", 3, 0UL, Repetition.Whole)]
    [InlineData("epoll_pwait2", 3, 4096UL, Repetition.Timed)]
    [InlineData("rt_sigtimedwait", 2, 0UL, Repetition.Whole)]
    [InlineData("rt_sigtimedwait", 2, 4096UL, Repetition.Timed)]
    [InlineData("semtimedop", 3, 4096UL, Repetition.Timed)]
    [InlineData("io_getevents", 4, 4096UL, Repetition.Timed)]
    [InlineData("ppoll", 2, 4096UL, Repetition.Timed)]
    [InlineData("select", 4, 4096UL, Repetition.Timed)]
    internal void A_time_limit_is_kept(string call, int argument, ulong value, Repetition expected)
    {
        var args = Args();
        args[argument] = value;
        Assert.Equal(expected, InterruptedCalls.Of(Row(call), in args, EINTR));
    }

    [Theory]
    [InlineData("write", 10, 0UL, 0UL, Repetition.Rest)]
    [InlineData("write", 100, 0UL, 0UL, Repetition.None)]
    [InlineData("write", 0, 0UL, 0UL, Repetition.None)]
    [InlineData("write", EINTR, 0UL, 0UL, Repetition.None)]
    [InlineData("sendto", 10, 0UL, 0UL, Repetition.Rest)]
    [InlineData("sendto", 10, 0UL, 4096UL, Repetition.None)]
    [InlineData("sendto", 10, 0x40UL, 0UL, Repetition.None)]
    [InlineData("recvfrom", 10, 0x100UL, 0UL, Repetition.Rest)]
    [InlineData("recvfrom", 10, 0UL, 0UL, Repetition.None)]
    [InlineData("recvfrom", 10, 0x102UL, 0UL, Repetition.None)]
    [InlineData("recvfrom", 10, 0x140UL, 0UL, Repetition.None)]
    [InlineData("recvfrom", 10, 0x100UL, 4096UL, Repetition.None)]
    internal void A_part_is_followed_by_the_rest_where_all_was_asked_for(string call, long result, ulong flags, ulong address, Repetition expected)
    {
        var args = Args(3, 0x1000, 100, flags, address);
        Assert.Equal(expected, InterruptedCalls.Of(Row(call), in args, result));
    }

    [Fact]
    public void The_rest_of_a_write_to_a_socket_asks_for_no_SIGPIPE()
    {
        var rest = InterruptedCalls.Rest(Row("write"), Args(3, 0x1000, 100, 7, 8), 10, isSocket: true);
        Assert.Equal([3, 0x100a, 90, 0x4000, 0, 0], rest[..].ToArray());
        rest = InterruptedCalls.Rest(Row("write"), Args(3, 0x1000, 100, 7, 8), 10, isSocket: false);
        Assert.Equal([3, 0x100a, 90, 7, 8, 0], rest[..].ToArray());
        rest = InterruptedCalls.Rest(Row("sendto"), Args(3, 0x1000, 100, 0x8000, 0), 10, isSocket: true);
        Assert.Equal([3, 0x100a, 90, 0xc000, 0, 0], rest[..].ToArray());
    }

    [Theory]
    [InlineData("epoll_wait", ERESTARTNOHAND, true)]
    [InlineData("epoll_wait", EINTR, false)]
    [InlineData("select", ERESTARTNOHAND, false)]
    [InlineData("pause", ERESTARTNOHAND, false)]
    public void The_kernels_own_restart_is_told_from_ours(string call, long result, bool isOurs) =>
        Assert.Equal(isOurs, InterruptedCalls.IsToBeMadeAgain(Row(call), result));

    private static SyscallRow Row(string name) => LinuxX64.Table.Named(name);

    private static SyscallArgs Args(params ulong[] values)
    {
        var args = default(SyscallArgs);
        values.CopyTo(args[..]);
        return args;
    }
}
