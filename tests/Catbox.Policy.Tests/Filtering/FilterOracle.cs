using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>
/// What the filter has to answer, in plain code straight from the rows and from what the calls mean, sharing nothing with the compiler.
/// </summary>
internal static class FilterOracle
{
    internal const uint X64 = 0xC000003E;
    internal const uint I386 = 0x40000003;
    internal const uint Allow = 0x7fff0000;
    internal const uint Trace = 0x7ff00000;
    internal const uint KillProcess = 0x80000000;
    internal const uint Eperm = 0x00050001;
    internal const uint Enotty = 0x00050019;
    internal const uint Einval = 0x00050016;
    internal const uint Enosys = 0x00050026;
    internal const uint Success = 0x00050000;

    /// <summary>TCGETS … 0x54ff that act on whoever else uses the terminal.</summary>
    internal static readonly uint[] RefusedTerminalRequests =
        [0x5412, 0x541C, 0x541D, 0x541F, 0x5423, 0x5437, 0x5453, 0x5455, 0x5457, 0x545B];

    /// <summary>TCSETS and its like, TIOCSPGRP, TCXONC, TIOCSWINSZ, TIOCEXCL, FIOASYNC, FIOSETOWN …: whose terminal it is counts, or who is reached.</summary>
    internal static readonly uint[] JudgedTerminalRequests =
    [
        0x5402, 0x5403, 0x5404, 0x5406, 0x5407, 0x5408, 0x5409, 0x540A, 0x540B, 0x540C, 0x540D, 0x5410, 0x5414, 0x5416, 0x5417, 0x5418, 0x541A, 0x5425,
        0x5427, 0x5428, 0x542F, 0x5452, 0x402C542B, 0x402C542C, 0x402C542D, 0x8901, 0x8902,
    ];

    /// <summary>What reads, or changes the caller's own descriptor or master alone; consoles' are 0x4Bxx and 0x56xx.</summary>
    internal static readonly uint[] PassingTerminalRequests =
    [
        0x5401, 0x5405, 0x540F, 0x5411, 0x5413, 0x5415, 0x5419, 0x541B, 0x541E, 0x5420, 0x5421, 0x5422, 0x5424, 0x5429, 0x542E, 0x5432, 0x5441, 0x5450, 0x5451,
        0x5454, 0x5456, 0x5458, 0x5459, 0x545A, 0x545C, 0x545D, 0x5460, 0x802C542A, 0x80045430, 0x40045431, 0x80045432, 0x40045436, 0x80045438, 0x80045439,
        0x80045440, 0x80285442, 0x4B31, 0x4B33, 0x4B3B, 0x4B44, 0x4B62, 0x4B64, 0x5600, 0x5601, 0x5603,
    ];

    /// <summary>SIOCG… and the two time stamps in their sized form.</summary>
    internal static readonly uint[] ReadingSocketRequests =
    [
        0x8903, 0x8904, 0x8905, 0x8906, 0x8907, 0x80108906, 0x80108907, 0x8910, 0x8912, 0x8913, 0x8915, 0x8917, 0x8919, 0x891B, 0x891D,
        0x891F, 0x8921, 0x8925, 0x8927, 0x8929, 0x8933, 0x8935, 0x8938, 0x8942, 0x894B, 0x8970,
    ];

    /// <summary>Requests on files and block devices that only read, or for which the kernel asks for a descriptor that was opened for writing.</summary>
    internal static readonly uint[] ReadingFileRequests =
    [
        1, 2, 0xC020660B, 0x801C581F, 0x81009431, 0x80086601, 0x80046601, 0x80087601, 0x80047601, 0x80111500, 0x80811501, 0xC0046686,
        0xC0286687, 0x400C6615, 0xC0096616, 0x125E, 0x1260, 0x1263, 0x1265, 0x1267, 0x1268, 0x1278, 0x1279, 0x127A, 0x127B, 0x127C, 0x127E,
        0x80081270, 0x80081272, 0x301, 0x80045200, 0xC080661A, 0x8010661B, 0x80047210, 0x80047213, 0xC0686611,
        0x40049409, 0x4020940D, 0x40305828, 0x40305829, 0x4030582A, 0x4030582B, 0x40305839,
    ];

    /// <summary>USERFAULTFD_IOC_NEW.</summary>
    internal const uint UserfaultfdNew = 0xAA00;

    /// <summary>The answer for a native call; <paramref name="row"/> is null for a number that has none.</summary>
    internal static uint Answer(SyscallRow? row, FilterNeeds needs, ReadOnlySpan<ulong> args) =>
        row is null ? Enosys : ByRegisters(row, needs, args) ?? ByRow(row, needs);

    private static uint ByRow(SyscallRow row, FilterNeeds needs)
    {
        var isNeeded = (row.Needs & needs) != FilterNeeds.None;
        return row.Disposition switch
        {
            Disposition.Pass or Disposition.Judge => isNeeded ? Trace : Allow,
            _ => isNeeded ? Trace : Success + (uint)row.RefusalErrno.Value,
        };
    }

    private static uint? ByRegisters(SyscallRow row, FilterNeeds needs, ReadOnlySpan<ulong> args)
    {
        switch (row.Name)
        {
            case "open":
                return !needs.HasFlag(FilterNeeds.Reads) && OnlyReads(args[1]) ? Allow : null;
            case "openat":
                return !needs.HasFlag(FilterNeeds.Reads) && OnlyReads(args[2]) ? Allow : null;
            case "access":
                return !needs.HasFlag(FilterNeeds.Reads) && (args[1] & 2) == 0 ? Allow : null;
            case "faccessat" or "faccessat2":
                return !needs.HasFlag(FilterNeeds.Reads) && (args[2] & 2) == 0 ? Allow : null;
            case "seccomp":
                return (uint)args[0] == 1 && (args[1] & 8) == 8 ? ((uint)args[1] & ~0x3Fu) != 0 ? Einval : Eperm : (uint)args[0] == 1 ? Trace : Allow;
            case "prctl":
                return (int)args[0] switch
                {
                    4 when args[1] == 0 => Success,
                    35 or 62 => Eperm,
                    22 when args[1] == 2 => Trace,
                    24 or 28 when needs.HasFlag(FilterNeeds.Credentials) => Trace,
                    _ => Allow,
                };
            case "clone":
                return (args[0] & 0x2_0200) == 0x2_0200 || (args[0] & 0x1000_0200) == 0x1000_0200 ? Einval : (args[0] & 0x7E82_0000) != 0 ? Eperm : Allow;
            case "unshare":
                return (args[0] | 0x50F00) == 0x50F00 ? Allow : (row.Needs & needs) != 0 ? Trace : Success + (uint)row.RefusalErrno.Value;
            case "ioctl":
                return Ioctl((uint)args[1], (int)args[2]);
            case "fcntl":
                return (int)args[1] is 8 or 10 or 15 or 1024 or 1031 or 1036 or 1038 || ((int)args[1] == 4 && (args[2] & 0x2000) != 0) ? Trace : Allow;
            case "setpgid":
                return (int)args[1] == 0 ? Allow : Trace;
            case "socket":
                return Socket((int)args[0], (int)args[1] & 0xf, (int)args[2], needs.HasFlag(FilterNeeds.Internet));
            case "setsockopt":
                return Passes((int)args[1], (int)args[2]) ? Allow : null;
            case "setrlimit":
                return (int)args[0] == 4 ? null : Allow;
            case "prlimit64" when needs.HasFlag(FilterNeeds.CoreLimit) && (int)args[1] == 4 && args[2] != 0:
                return Trace;
            case "sendto":
                return args[4] == 0 ? Allow : null;
            case "prlimit64" or "get_robust_list" or "sched_setparam" or "sched_setscheduler" or "sched_setattr" or "migrate_pages" or "move_pages":
                return (int)args[0] == 0 ? Allow : null;
            case "sched_setaffinity":
                return !needs.HasFlag(FilterNeeds.Affinity) && (int)args[0] == 0 ? Allow : null;
            case "setpriority":
                return (int)args[0] == 0 && (int)args[1] == 0 ? Allow : null;
            case "ioprio_set":
                return (int)args[0] == 1 && (int)args[1] == 0 ? Allow : null;
            default:
                return null;
        }
    }

    private static bool Passes(int level, int option) => level switch
    {
        0 => option is >= 0 and < 64 and not (4 or 16 or 17 or 19 or 50),
        1 => option is not (25 or 36 or 62),
        6 => option is not ((>= 19 and <= 22) or 29),
        41 => option is >= 0 and < 80 and not (6 or 32 or 34 or 35 or 50 or 54 or 55 or 57 or 59 or 64 or 65 or 75 or 76),
        _ => true,
    };

    private static bool OnlyReads(ulong flags) =>
        (flags & 3) == 0 && (flags & 0x40) == 0 && (flags & 0x200) == 0 && (flags & 0x40_0000) == 0;

    internal static uint Ioctl(uint request, int argument)
    {
        if (request == 0x540E)
        {
            return argument == 1 ? Trace : Allow;
        }

        if (RefusedTerminalRequests.Contains(request) || request == UserfaultfdNew)
        {
            return Eperm;
        }

        if (JudgedTerminalRequests.Contains(request))
        {
            return Trace;
        }

        if (PassingTerminalRequests.Contains(request)
            || ReadingFileRequests.Contains(request) || ReadingSocketRequests.Contains(request))
        {
            return Allow;
        }

        return request is >= 0x5400 and <= 0x54ff ? Enotty : Trace;
    }

    private static uint Socket(int family, int type, int protocol, bool hasNetworkRules) => (family, type, protocol) switch
    {
        (1, _, _) => Allow,
        _ when hasNetworkRules => Trace,
        (2 or 10, 1, 0 or 6) => Allow,
        (2 or 10, 2, 0 or 17) => Allow,
        (16, _, 0) => Allow,
        _ => Trace,
    };
}
