using System.Collections.Immutable;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using static Catbox.Policy.Filtering.ArgTest;
using static Catbox.Policy.Filtering.TestOutcome;

namespace Catbox.Policy.Filtering;

/// <summary>
/// ioctl is default-deny by request: what is known to read only, or to be of the caller alone, passes; what reaches out of the
/// session is refused; the rest stops, and the judge looks at the object behind the descriptor. The kernel takes the request as
/// unsigned int (fs/ioctl.c), so the high word never counts.
/// </summary>
internal static partial class RegisterTests
{
    // Nearly every terminal request is 0x54xx (include/uapi/asm-generic/ioctls.h), and so are the few requests for all files (FIONBIO, FIONREAD, FIOASYNC,
    // FIOCLEX, FIONCLEX, FIOQSIZE). What each is, TerminalRequests says.
    private const uint TerminalRange = 0x5400, RangeMask = 0xFFFFFF00;
    private const uint TIOCSCTTY = 0x540E, StealIt = 1;

    // include/uapi/asm-generic/sockios.h, include/uapi/linux/sockios.h
    private const uint FIOGETOWN = 0x8903, SIOCGPGRP = 0x8904, SIOCATMARK = 0x8905, SIOCGSTAMP_OLD = 0x8906, SIOCGSTAMPNS_OLD = 0x8907;
    private const uint SIOCGSTAMP_NEW = 0x80108906, SIOCGSTAMPNS_NEW = 0x80108907;
    private const uint SIOCGIFNAME = 0x8910, SIOCGIFCONF = 0x8912, SIOCGIFFLAGS = 0x8913, SIOCGIFADDR = 0x8915, SIOCGIFDSTADDR = 0x8917;
    private const uint SIOCGIFBRDADDR = 0x8919, SIOCGIFNETMASK = 0x891B, SIOCGIFMETRIC = 0x891D, SIOCGIFMEM = 0x891F, SIOCGIFMTU = 0x8921;
    private const uint SIOCGIFENCAP = 0x8925, SIOCGIFHWADDR = 0x8927, SIOCGIFSLAVE = 0x8929, SIOCGIFINDEX = 0x8933, SIOCGIFPFLAGS = 0x8935;
    private const uint SIOCGIFCOUNT = 0x8938, SIOCGIFTXQLEN = 0x8942, SIOCOUTQNSD = 0x894B, SIOCGIFMAP = 0x8970;

    // include/uapi/linux/userfaultfd.h
    private const uint USERFAULTFD_IOC_NEW = 0xAA00;

    private static IEnumerable<RegisterTest> IoctlLines() =>
    [
        // Terminals. Input put into a queue, a console's selection and redirection, line disciplines, a hang-up, locked settings and a serial port's hardware
        // act on whoever else uses the terminal. So do modes and the group in front: they stop, and the judge looks whose terminal it is.
        Line("ioctl", Allow, Int(1).Is(TerminalRequests.Of(TerminalRequestKind.Passes))),
        Line("ioctl", Answer(Errno.EPERM), Int(1).Is(TerminalRequests.Of(TerminalRequestKind.Never))),
        Line("ioctl", Stop, Int(1).Is(Judged(TerminalRequestKind.Modes, TerminalRequestKind.Front))),
        Line("ioctl", Stop, Int(1).Is(Judged(TerminalRequestKind.Changes, TerminalRequestKind.Device))),
        Line("ioctl", Stop, Int(1).Is(Judged(TerminalRequestKind.Owner))),

        // With 1 root takes a terminal away from the session that has it (drivers/tty/tty_jobctrl.c, tiocsctty).
        Line("ioctl", Stop, Int(1).Is(TIOCSCTTY), Int(2).Is(StealIt)),
        Line("ioctl", Allow, Int(1).Is(TIOCSCTTY)),
        Line("ioctl", Answer(Errno.ENOTTY), Int(1, RangeMask).Is(TerminalRange)),

        // Files and block devices: what only reads, and what the kernel lets nobody do who did not open for writing.
        Line("ioctl", Allow, Int(1).Is([.. FileIoctls.All.Where(static r => r.Scope is IoctlScope.Reads or IoctlScope.Opened).Select(static r => (ulong)r.Number)])),

        // Sockets: what only reads. The rest of the range configures interfaces, which root could do through any socket, also a unix one: it stops, so that what is
        // no socket is told so.
        Line("ioctl", Allow, Int(1).Is(SIOCATMARK, FIOGETOWN, SIOCGPGRP, SIOCOUTQNSD, SIOCGSTAMP_OLD, SIOCGSTAMPNS_OLD, SIOCGSTAMP_NEW, SIOCGSTAMPNS_NEW)),
        Line("ioctl", Allow, Int(1).Is(SIOCGIFNAME, SIOCGIFCONF, SIOCGIFFLAGS, SIOCGIFINDEX, SIOCGIFCOUNT, SIOCGIFMTU, SIOCGIFMETRIC, SIOCGIFTXQLEN)),
        Line("ioctl", Allow, Int(1).Is(SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK, SIOCGIFHWADDR)),
        Line("ioctl", Allow, Int(1).Is(SIOCGIFMEM, SIOCGIFENCAP, SIOCGIFSLAVE, SIOCGIFPFLAGS, SIOCGIFMAP)),

        // The second door to userfaultfd: a page whose reader waits as long as the guest likes.
        Line("ioctl", Answer(Errno.EPERM), Int(1).Is(USERFAULTFD_IOC_NEW)),
        Line("ioctl", Stop),
    ];

    /// <summary>The numbers of kinds, in the range of terminals; others stop as all do that no line tells of.</summary>
    private static ImmutableArray<ulong> Judged(params ReadOnlySpan<TerminalRequestKind> kinds)
    {
        var numbers = ImmutableArray.CreateBuilder<ulong>();
        foreach (var kind in kinds)
        {
            numbers.AddRange(TerminalRequests.Of(kind).Where(static number => (number & RangeMask) == TerminalRange));
        }

        return numbers.ToImmutable();
    }
}
