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
        new("TCGETS", 0x5401, Passes),
        new("TCSETS", 0x5402, Modes, Termios),
        new("TCSETSW", 0x5403, Modes, Termios),
        new("TCSETSF", 0x5404, Modes, Termios),
        new("TCGETA", 0x5405, Passes),
        new("TCSETA", 0x5406, Modes, Termio),
        new("TCSETAW", 0x5407, Modes, Termio),
        new("TCSETAF", 0x5408, Modes, Termio),
        new("TCSBRK", 0x5409, Changes),
        new("TCXONC", 0x540A, Changes),
        new("TCFLSH", 0x540B, Changes),
        new("TIOCEXCL", 0x540C, Device),
        new("TIOCNXCL", 0x540D, Device),
        new("TIOCSCTTY", 0x540E, Controls),
        new("TIOCGPGRP", 0x540F, Passes),
        new("TIOCSPGRP", 0x5410, Front, sizeof(int)),
        new("TIOCOUTQ", 0x5411, Passes),
        new("TIOCSTI", 0x5412, Never),
        new("TIOCGWINSZ", 0x5413, Passes),
        new("TIOCSWINSZ", 0x5414, Changes),
        new("TIOCMGET", 0x5415, Passes),
        new("TIOCMBIS", 0x5416, Device),
        new("TIOCMBIC", 0x5417, Device),
        new("TIOCMSET", 0x5418, Device),
        new("TIOCGSOFTCAR", 0x5419, Passes),
        new("TIOCSSOFTCAR", 0x541A, Device),
        new("FIONREAD", 0x541B, Passes),
        new("TIOCLINUX", 0x541C, Never),
        new("TIOCCONS", 0x541D, Never),
        new("TIOCGSERIAL", 0x541E, Passes),
        new("TIOCSSERIAL", 0x541F, Never),
        new("TIOCPKT", 0x5420, Passes), // of a master
        new("FIONBIO", 0x5421, Passes),
        new("TIOCNOTTY", 0x5422, Passes), // gives up one's own; by the leader of a session of the guest's, that session's
        new("TIOCSETD", 0x5423, Never),
        new("TIOCGETD", 0x5424, Passes),
        new("TCSBRKP", 0x5425, Changes),
        new("TIOCSBRK", 0x5427, Device),
        new("TIOCCBRK", 0x5428, Device),
        new("TIOCGSID", 0x5429, Passes),
        new("TIOCGRS485", 0x542E, Passes),
        new("TIOCSRS485", 0x542F, Device),
        new("TCGETX", 0x5432, Passes),
        new("TIOCVHANGUP", 0x5437, Never),
        new("TIOCGPTPEER", 0x5441, Passes), // of a master
        new("FIONCLEX", 0x5450, Passes),
        new("FIOCLEX", 0x5451, Passes),
        new("FIOASYNC", 0x5452, Owner, sizeof(int)),
        new("TIOCSERCONFIG", 0x5453, Never),
        new("TIOCSERGWILD", 0x5454, Passes),
        new("TIOCSERSWILD", 0x5455, Never),
        new("TIOCGLCKTRMIOS", 0x5456, Passes),
        new("TIOCSLCKTRMIOS", 0x5457, Never),
        new("TIOCSERGSTRUCT", 0x5458, Passes),
        new("TIOCSERGETLSR", 0x5459, Passes),
        new("TIOCSERGETMULTI", 0x545A, Passes),
        new("TIOCSERSETMULTI", 0x545B, Never),
        new("TIOCMIWAIT", 0x545C, Passes),
        new("TIOCGICOUNT", 0x545D, Passes),
        new("FIOQSIZE", 0x5460, Passes),
        new("TCGETS2", 0x802C542A, Passes),
        new("TCSETS2", 0x402C542B, Modes, Termios2),
        new("TCSETSW2", 0x402C542C, Modes, Termios2),
        new("TCSETSF2", 0x402C542D, Modes, Termios2),
        new("TIOCGPTN", 0x80045430, Passes),
        new("TIOCSPTLCK", 0x40045431, Passes), // of a master
        new("TIOCGDEV", 0x80045432, Passes),
        new("TIOCSIG", 0x40045436, Passes), // of a master, to the group in front of its own slave
        new("TIOCGPKT", 0x80045438, Passes),
        new("TIOCGPTLCK", 0x80045439, Passes),
        new("TIOCGEXCL", 0x80045440, Passes),
        new("TIOCGISO7816", 0x80285442, Passes),
        new("FIOSETOWN", 0x8901, Owner, sizeof(int)),
        new("SIOCSPGRP", 0x8902, Owner, sizeof(int)),
        new("KDGETLED", 0x4B31, Passes),
        new("KDGKBTYPE", 0x4B33, Passes),
        new("KDGETMODE", 0x4B3B, Passes),
        new("KDGKBMODE", 0x4B44, Passes),
        new("KDGKBMETA", 0x4B62, Passes),
        new("KDGKBLED", 0x4B64, Passes),
        new("VT_OPENQRY", 0x5600, Passes),
        new("VT_GETMODE", 0x5601, Passes),
        new("VT_GETSTATE", 0x5603, Passes),
    ];

    private static readonly Dictionary<uint, TerminalRequest> ByNumber = All.ToDictionary(static r => r.Number);

    /// <summary>The line of a request; of kind <see cref="None"/> where there is none.</summary>
    public static TerminalRequest Find(uint number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The numbers of a kind.</summary>
    public static ImmutableArray<ulong> Of(TerminalRequestKind kind) => [.. All.Where(r => r.Kind == kind).Select(static r => (ulong)r.Number)];
}
