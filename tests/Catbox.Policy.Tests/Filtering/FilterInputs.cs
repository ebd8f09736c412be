using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>Argument values that a filter could get wrong: each constant, its neighbours, each bit of it turned, garbage in the high half.</summary>
internal static class FilterInputs
{
    /// <summary>Every set of needs that a policy can have, and the empty one.</summary>
    internal static readonly FilterNeeds[] Needs = [.. AllNeeds()];

    /// <summary>The sets of needs that change what registers decide.</summary>
    internal static readonly FilterNeeds[] DecisiveNeeds =
    [
        FilterNeeds.None, Always, Always | FilterNeeds.Reads, Always | FilterNeeds.Internet, Always | FilterNeeds.UnixSockets, Always | FilterNeeds.Affinity, Always | FilterNeeds.Credentials,
        Always | FilterNeeds.CoreLimit,
        Always | FilterNeeds.Reads | FilterNeeds.Internet | FilterNeeds.UnixSockets | FilterNeeds.Affinity | FilterNeeds.Credentials,
    ];

    private const FilterNeeds Always = FilterNeeds.Writes | FilterNeeds.Processes | FilterNeeds.Refusals;

    private static readonly Dictionary<string, (int Arg, ulong[] Values)[]> Constants = new()
    {
        ["open"] = [(1, [0, 1, 2, 3, 0x40, 0x200, 0x10000, 0x400000, 0x410000, 0x200000, 0x80000])],
        ["openat"] = [(2, [0, 1, 2, 3, 0x40, 0x200, 0x10000, 0x400000, 0x410000, 0x200000, 0x80000])],
        ["access"] = [(1, [0, 1, 2, 4, 6])],
        ["faccessat"] = [(2, [0, 1, 2, 4, 6])],
        ["faccessat2"] = [(2, [0, 1, 2, 4, 6])],
        ["seccomp"] = [(0, [0, 1, 2, 3]), (1, [0, 1, 8, 9, 0x18, .. Enumerable.Range(6, 26).SelectMany(static bit => new[] { 1UL << bit, 8 | (1UL << bit) }), .. Enumerable.Range(0, 6).Select(static bit => 0x40 | (1UL << bit))])],
        ["prctl"] = [(0, [3, 4, 22, 24, 28, 35, 62]), (1, [0, 1, 2, 3])],
        ["clone"] = [(0, [17, 0x3d0f00, 0x01200011, 0x4111, 0x80, 0x00800000, 0x7e020000, 0x2000, 0x20200, 0x10000200, 0x10020200, 0xEFFFFFFF, 0xFFFDFFFF, 0x20000, 0x10000000, 0x10020000])],
        ["unshare"] = [(0, [0, 0x80, 0x50f00, 0x200, 0x400, 0x40000, 0x10000000, 0x10020000])],
        ["ioctl"] = [(1, [.. IoctlRequests()])],
        ["fcntl"] = [(1, [0, 1, 2, 3, 4, 8, 9, 10, 15, 16, 1024, 1025, 1030, 1031, 1036, 1038]), (2, [0, 0x2000, 0x2802])],
        ["setpgid"] = [(1, [0, 1])],
        ["socket"] = [(0, [0, 1, 2, 10, 16, 17, 38]), (1, [1, 2, 3, 5, 0x80001, 0x80802]), (2, [0, 1, 6, 17, 132, 262])],
        ["setsockopt"] = [(1, [0, 1, 6, 17, 41]), (2, [.. Enumerable.Range(0, 84).Select(static n => (ulong)n)])],
        ["setrlimit"] = [(0, [0, 3, 4, 5])],
        ["sendto"] = [(4, [0, 0x7ffe_0000_0000, 0x1_0000_0000])],
        ["prlimit64"] = [(0, [0, 1]), (1, [3, 4]), (2, [0, 1, 0x1_0000_0000])],
        ["setpriority"] = [(0, [0, 1, 2]), (1, [0, 1])],
        ["ioprio_set"] = [(0, [0, 1, 2, 3]), (1, [0, 1])],
        ["sched_setparam"] = [(0, [0, 1])],
        ["get_robust_list"] = [(0, [0, 1])],
        ["sched_setscheduler"] = [(0, [0, 1])],
        ["sched_setattr"] = [(0, [0, 1])],
        ["sched_setaffinity"] = [(0, [0, 1])],
        ["migrate_pages"] = [(0, [0, 1])],
        ["move_pages"] = [(0, [0, 1])],
    };

    /// <summary>The calls that registers decide.</summary>
    internal static IEnumerable<string> Calls => Constants.Keys;

    /// <summary>The argument vectors to try for a call; for one that no register decides, three.</summary>
    internal static IEnumerable<ulong[]> For(string call)
    {
        yield return [0, 0, 0, 0, 0, 0];
        yield return [1, 1, 1, 1, 1, 1];
        yield return [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
        if (!Constants.TryGetValue(call, out var constants))
        {
            yield break;
        }

        foreach (var vector in Product(constants, 0, new ulong[6]))
        {
            yield return [.. vector];
            foreach (var (arg, _) in constants)
            {
                foreach (var changed in Around(vector[arg]))
                {
                    ulong[] near = [.. vector];
                    near[arg] = changed;
                    yield return near;
                }
            }

            // The same vector one register further on: a test of the wrong argument shows.
            yield return [0x5a5a, .. vector[..5]];
        }

        // TIOCSCTTY is the one request whose argument counts.
        foreach (var near in call == "ioctl" ? Around(1).SelectMany(_ => Around(0x540E), (a, r) => (Request: r, Argument: a)) : [])
        {
            yield return [3, near.Request, near.Argument, near.Request, 0, 0];
        }
    }

    private static IEnumerable<ulong[]> Product((int Arg, ulong[] Values)[] constants, int index, ulong[] vector)
    {
        if (index == constants.Length)
        {
            yield return vector;
            yield break;
        }

        foreach (var value in constants[index].Values)
        {
            vector[constants[index].Arg] = value;
            foreach (var product in Product(constants, index + 1, vector))
            {
                yield return product;
            }
        }
    }

    private static IEnumerable<ulong> Around(ulong value)
    {
        yield return value;
        yield return value + 1;
        yield return value - 1;
        yield return value | 0xdead_beef_0000_0000;
        yield return ~value;
        for (var bit = 0; bit < 64; bit++)
        {
            yield return value ^ (1UL << bit);
        }
    }

    private static IEnumerable<ulong> IoctlRequests()
    {
        uint[] writing = [0x40086602, 0x401C5820, 0x40049409, 0x4008_7602, 0x40806685, 0x5000_940E, 0x8901, 0x8902, 0x8914, 0x8946, 0x4C82, 0x4B4E];
        return FilterOracle.RefusedTerminalRequests.Concat(FilterOracle.JudgedTerminalRequests).Concat(FilterOracle.PassingTerminalRequests).Concat(FilterOracle.ReadingSocketRequests)
            .Concat(FilterOracle.ReadingFileRequests).Concat(writing).Concat([FilterOracle.UserfaultfdNew, 0x5400u, 0x5401u, 0x540Eu, 0x54FFu, 0x8900u, 0x89FFu])
            .Select(static r => (ulong)r);
    }

    private static IEnumerable<FilterNeeds> AllNeeds()
    {
        yield return FilterNeeds.None;
        FilterNeeds[] optional = [FilterNeeds.Reads, FilterNeeds.Executions, FilterNeeds.Internet, FilterNeeds.UnixSockets, FilterNeeds.Affinity, FilterNeeds.Identity, FilterNeeds.Credentials, FilterNeeds.CoreLimit];
        for (var set = 0; set < 1 << optional.Length; set++)
        {
            yield return optional.Where((_, i) => (set & (1 << i)) != 0).Aggregate(Always, static (a, b) => a | b);
        }
    }
}
