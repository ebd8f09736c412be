using System.Buffers.Binary;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>Terminals and process groups. See <see cref="ScriptedTree"/> for whose they are.</summary>
public sealed class TerminalJudgementTests : JudgeFixture
{
    private const ulong TCSETS = 0x5402, TCSETA = 0x5406, TCXONC = 0x540A, TIOCEXCL = 0x540C, TIOCSCTTY = 0x540E, TIOCSPGRP = 0x5410, TIOCSTI = 0x5412, TIOCSWINSZ = 0x5414, FIOASYNC = 0x5452;
    private const ulong TCSETS2 = 0x402C542B, KDSETMODE = 0x4B3A, VT_ACTIVATE = 0x5606;

    private static byte[] Modes(int size = 36, byte interrupt = 3, byte quit = 28, byte suspend = 26)
    {
        var modes = new byte[size];
        var characters = modes.AsSpan(size == 18 ? 9 : 17);
        (characters[0], characters[1]) = (interrupt, quit);
        if (size > 18)
        {
            characters[10] = suspend;
        }

        return modes;
    }

    private ulong Group(int group) => Memory.Map(BitConverter.GetBytes(group));

    private Verdict On(string path, ulong request, ulong argument, FileKind kind = FileKind.CharacterDevice)
    {
        Paths.AddDescriptor(7, path, kind);
        return Judge("ioctl", 7, request, argument);
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(50, true)]
    [InlineData(99, false)]
    public void A_process_joins_groups_of_its_session(int group, bool allowed)
    {
        Assert.Equal(allowed, Judge("setpgid", 0, (ulong)group) == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Fact]
    public void A_group_that_nobody_is_in_is_EPERM_as_in_the_kernel() => Fails(Judge("setpgid", 0, 7), Errno.EPERM);

    [Theory]
    [InlineData(0ul, 10ul)]
    [InlineData(11ul, 11ul)]
    [InlineData(99ul, 99ul)]
    [InlineData(99ul, 50ul)]
    [InlineData(0ul, 0xFFFF_FFFFul)]
    public void A_group_of_its_own_and_what_the_kernel_refuses_are_the_kernels(ulong pid, ulong group) => Allowed(Judge("setpgid", pid, group));

    [Theory]
    [InlineData("/dev/tty", 11, true)]
    [InlineData("/dev/pts/3", 50, true)]
    [InlineData("/dev/pts/3", 99, false)]
    [InlineData("/dev/pts/9", 11, false)]
    [InlineData("/dev/ptmx", 99, false)]
    public void Groups_of_the_session_are_put_in_front_of_its_terminal(string path, int group, bool allowed)
    {
        Assert.Equal(allowed, On(path, TIOCSPGRP, Group(group)) == Verdict.Continue);
        Assert.Equal(!allowed, Judgement.IsViolation);
    }

    [Fact]
    public void What_was_judged_of_a_request_is_what_is_made()
    {
        Allowed(On("/dev/tty", TIOCSPGRP, Group(11)));
        var call = new SlotCall();
        Assert.Equal(EnactmentKind.Slot, EnactmentPlanner.Of(Request, Judgement));
        SlotCalls.Plan(Request, Judgement, call);
        Assert.Equal(BitConverter.GetBytes(11), call.Bytes.ToArray());

        Allowed(On("/dev/tty", TIOCSCTTY, 1));
        SlotCalls.Plan(Request, Judgement, call);
        Assert.Equal(0ul, call.Args[2]);
    }

    [Theory]
    [InlineData(TIOCSPGRP)]
    [InlineData(TCSETS)]
    [InlineData(TCXONC)]
    public void What_is_no_terminal_is_ENOTTY(ulong request)
    {
        Fails(On("/w/file", request, Group(99), FileKind.Regular), Errno.ENOTTY);
        Fails(On("socket:[1]", request, Group(99), FileKind.Anonymous), Errno.ENOTTY);
    }

    [Fact]
    public void A_group_in_front_that_cannot_be_read_is_EFAULT() => Fails(On("/dev/tty", TIOCSPGRP, 0xBAD), Errno.EFAULT);

    [Fact]
    public void A_group_in_front_that_nobody_is_in_is_ESRCH() => Fails(On("/dev/tty", TIOCSPGRP, Group(7)), Errno.ESRCH);

    [Theory]
    [InlineData(TCSETS, 36)]
    [InlineData(TCSETS2, 44)]
    [InlineData(TCSETA, 18)]
    public void Modes_whose_signals_a_terminal_could_send_by_itself_are_refused(ulong request, int size)
    {
        Allowed(On("/dev/tty", request, Memory.Map(Modes(size))));
        Allowed(On("/dev/tty", request, Memory.Map(Modes(size, 0, 0, 0))));
        foreach (var spoken in (byte[])[(byte)'R', 27, 7, 13, 10, 127, 255])
        {
            Assert.Equal(Verdict.Deny(Errno.EPERM), On("/dev/tty", request, Memory.Map(Modes(size, quit: spoken))));
            Assert.Equal(Verdict.Deny(Errno.EPERM), On("/dev/tty", request, Memory.Map(Modes(size, interrupt: spoken))));
            Assert.Equal(size == 18, On("/dev/tty", request, Memory.Map(Modes(size, suspend: spoken))) == Verdict.Continue);
        }
    }

    [Theory]
    [InlineData(TCXONC)]
    [InlineData(TIOCSWINSZ)]
    public void Terminals_that_others_work_at_are_not_changed(ulong request)
    {
        Allowed(On("/dev/tty", request, 0));
        Allowed(On("/dev/pts/4", request, 0));
        Assert.Equal(Verdict.Deny(Errno.EPERM), On("/dev/pts/9", request, 0));
        Assert.True(Judgement.IsViolation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_the_background_a_terminal_is_changed_by_whom_the_kernel_stops_alone(bool isStopped)
    {
        (Tree.IsInFront, Tree.IsStoppedInBackground) = (false, isStopped);
        Assert.Equal(isStopped, On("/dev/tty", TCXONC, 0) == Verdict.Continue);
    }

    [Theory]
    [InlineData(TIOCEXCL)]
    [InlineData(TIOCSTI)]
    public void Nothing_is_put_into_a_terminal_and_nobody_kept_from_it(ulong request) => Assert.Equal(Verdict.Deny(Errno.EPERM), On("/dev/tty", request, 0));

    [Theory]
    [InlineData(KDSETMODE)]
    [InlineData(VT_ACTIVATE)]
    [InlineData(0x12345678ul)]
    public void What_no_line_tells_of_is_ENOTTY_and_on_a_console_refused(ulong request)
    {
        Fails(On("/dev/tty", request, 0), Errno.ENOTTY);
        Tree.CallerTerminal = (4 << 8) | 1;
        Assert.Equal(Verdict.Deny(request > 0xFFFF ? Errno.ENOTTY : Errno.EPERM), On("/dev/tty", request, 0));
        Assert.Equal(request <= 0xFFFF, Judgement.IsViolation);
    }

    [Theory]
    [InlineData(4ul, 0x2000ul)]
    [InlineData(10ul, 9ul)]
    public void The_tracer_looks_who_gets_the_signals_of_a_descriptor(ulong command, ulong argument)
    {
        Allowed(Judge("fcntl", 7, command, argument));
        Assert.Equal(EnactmentKind.OnBehalf, EnactmentPlanner.Of(Request, Judgement));
    }

    [Fact]
    public void The_tracer_sets_the_receiver_that_it_has_read()
    {
        var owner = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(owner, 1);
        BinaryPrimitives.WriteInt32LittleEndian(owner.AsSpan(4), 11);
        Allowed(Judge("fcntl", 7, 15, Memory.Map(owner)));
        Assert.Equal(EnactmentKind.OnBehalf, EnactmentPlanner.Of(Request, Judgement));
        Assert.Equal(owner, Judgement.Argument.ToArray());
        Allowed(On("/dev/tty", FIOASYNC, Group(1)));
        Assert.Equal(EnactmentKind.OnBehalf, EnactmentPlanner.Of(Request, Judgement));
        Allowed(Judge("fcntl", 7, 8, 11));
        Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
    }
}
