using System.Collections.Immutable;
using static Catbox.Policy.Judging.TerminalRequestKind;

namespace Catbox.Policy.Judging;

/// <summary>
/// The requests that are made on terminals, as data (include/uapi/asm-generic/ioctls.h; linux/kd.h and vt.h for consoles). What is not here is not made on a terminal:
/// the kernel's answer to what it does not know is ENOTTY.
/// </summary>
internal static class TerminalRequests
{
    // struct termios and struct termios2 of the kernel, and the older struct termio.
    private const int Termios = 36, Termios2 = 44, Termio = 18;

    /// <summary>All of them.</summary>
    public static ImmutableArray<TerminalRequest> All { get; } =
    [
        new(0x5401, Passes),                // TCGETS
        new(0x5402, Modes, Termios),        // TCSETS
        new(0x5403, Modes, Termios),        // TCSETSW
        new(0x5404, Modes, Termios),        // TCSETSF
        new(0x5405, Passes),                // TCGETA
        new(0x5406, Modes, Termio),         // TCSETA
        new(0x5407, Modes, Termio),         // TCSETAW
        new(0x5408, Modes, Termio),         // TCSETAF
        new(0x5409, Changes),               // TCSBRK
        new(0x540A, Changes),               // TCXONC
        new(0x540B, Changes),               // TCFLSH
        new(0x540C, Device),                // TIOCEXCL
        new(0x540D, Device),                // TIOCNXCL
        new(0x540E, Controls),              // TIOCSCTTY
        new(0x540F, Passes),                // TIOCGPGRP
        new(0x5410, Front, sizeof(int)),    // TIOCSPGRP
        new(0x5411, Passes),                // TIOCOUTQ
        new(0x5412, Never),                 // TIOCSTI
        new(0x5413, Passes),                // TIOCGWINSZ
        new(0x5414, Changes),               // TIOCSWINSZ
        new(0x5415, Passes),                // TIOCMGET
        new(0x5416, Device),                // TIOCMBIS
        new(0x5417, Device),                // TIOCMBIC
        new(0x5418, Device),                // TIOCMSET
        new(0x5419, Passes),                // TIOCGSOFTCAR
        new(0x541A, Device),                // TIOCSSOFTCAR
        new(0x541B, Passes),                // FIONREAD
        new(0x541C, Never),                 // TIOCLINUX
        new(0x541D, Never),                 // TIOCCONS
        new(0x541E, Passes),                // TIOCGSERIAL
        new(0x541F, Never),                 // TIOCSSERIAL
        new(0x5420, Passes),                // TIOCPKT: of a master
        new(0x5421, Passes),                // FIONBIO
        new(0x5422, Passes),                // TIOCNOTTY: gives up one's own; by the leader of a session of the guest's, that session's
        new(0x5423, Never),                 // TIOCSETD
        new(0x5424, Passes),                // TIOCGETD
        new(0x5425, Changes),               // TCSBRKP
        new(0x5427, Device),                // TIOCSBRK
        new(0x5428, Device),                // TIOCCBRK
        new(0x5429, Passes),                // TIOCGSID
        new(0x542E, Passes),                // TIOCGRS485
        new(0x542F, Device),                // TIOCSRS485
        new(0x5432, Passes),                // TCGETX
        new(0x5437, Never),                 // TIOCVHANGUP
        new(0x5441, Passes),                // TIOCGPTPEER: of a master
        new(0x5450, Passes),                // FIONCLEX
        new(0x5451, Passes),                // FIOCLEX
        new(0x5452, Owner, sizeof(int)),    // FIOASYNC
        new(0x5453, Never),                 // TIOCSERCONFIG
        new(0x5454, Passes),                // TIOCSERGWILD
        new(0x5455, Never),                 // TIOCSERSWILD
        new(0x5456, Passes),                // TIOCGLCKTRMIOS
        new(0x5457, Never),                 // TIOCSLCKTRMIOS
        new(0x5458, Passes),                // TIOCSERGSTRUCT
        new(0x5459, Passes),                // TIOCSERGETLSR
        new(0x545A, Passes),                // TIOCSERGETMULTI
        new(0x545B, Never),                 // TIOCSERSETMULTI
        new(0x545C, Passes),                // TIOCMIWAIT
        new(0x545D, Passes),                // TIOCGICOUNT
        new(0x5460, Passes),                // FIOQSIZE
        new(0x802C542A, Passes),            // TCGETS2
        new(0x402C542B, Modes, Termios2),   // TCSETS2
        new(0x402C542C, Modes, Termios2),   // TCSETSW2
        new(0x402C542D, Modes, Termios2),   // TCSETSF2
        new(0x80045430, Passes),            // TIOCGPTN
        new(0x40045431, Passes),            // TIOCSPTLCK: of a master
        new(0x80045432, Passes),            // TIOCGDEV
        new(0x40045436, Passes),            // TIOCSIG: of a master, to the group in front of its own slave
        new(0x80045438, Passes),            // TIOCGPKT
        new(0x80045439, Passes),            // TIOCGPTLCK
        new(0x80045440, Passes),            // TIOCGEXCL
        new(0x80285442, Passes),            // TIOCGISO7816
        new(0x8901, Owner, sizeof(int)),    // FIOSETOWN
        new(0x8902, Owner, sizeof(int)),    // SIOCSPGRP
        new(0x4B31, Passes),                // KDGETLED
        new(0x4B33, Passes),                // KDGKBTYPE
        new(0x4B3B, Passes),                // KDGETMODE
        new(0x4B44, Passes),                // KDGKBMODE
        new(0x4B62, Passes),                // KDGKBMETA
        new(0x4B64, Passes),                // KDGKBLED
        new(0x5600, Passes),                // VT_OPENQRY
        new(0x5601, Passes),                // VT_GETMODE
        new(0x5603, Passes),                // VT_GETSTATE
    ];

    private static readonly Dictionary<uint, TerminalRequest> ByNumber = All.ToDictionary(static r => r.Number);

    /// <summary>The line of a request; of kind <see cref="None"/> where there is none.</summary>
    public static TerminalRequest Find(uint number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The numbers of a kind.</summary>
    public static ImmutableArray<ulong> Of(TerminalRequestKind kind) => [.. All.Where(r => r.Kind == kind).Select(static r => (ulong)r.Number)];
}
