using System.Collections.Immutable;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>Which calls are raced by which mechanism. What a mechanism cannot reach is left out, with the reason.</summary>
internal static class RaceTable
{
    /// <summary>Calls that name their object by one path (or two), as a guest's table in tests/guests/race_calls.h has them.</summary>
    private static readonly ImmutableArray<string> s_byPath =
    [
        "open", "open-trunc", "openat2", "creat", "truncate", "unlink", "rename", "rename-to", "mkdir", "rmdir", "link", "link-from", "symlink", "mknod",
        "chmod", "chown", "utimensat", "setxattr", "execve", "connect", "sendto", "sendmsg", "bind",
    ];

    /// <summary>Arguments that lie in memory and are not paths: only who changes memory can race them.</summary>
    private static readonly ImmutableArray<string> s_structures = ["sendmmsg", "openat2-how", "sendmsg-name", "connect-internet"];

    /// <summary>These have no form with a descriptor and a name: race_proc_fd has them.</summary>
    private static readonly ImmutableArray<string> s_withoutDescriptor = ["creat", "truncate", "setxattr", "connect", "sendto", "sendmsg", "bind"];

    private static readonly ImmutableArray<string> s_restarted = ["open", "creat", "openat2", "connect", "sendto", "sendmsg"];

    /// <summary>The mechanisms, by the name of their guest, with their calls.</summary>
    public static ImmutableArray<(string Mechanism, ImmutableArray<string> Calls)> All { get; } =
    [
        ("race_thread", [.. s_byPath, .. s_structures]),
        ("race_clone_vm", [.. s_byPath, .. s_structures]),
        ("race_shared_page", [.. s_byPath, .. s_structures]),
        ("race_exchange", s_byPath),
        ("race_moved_parent", s_byPath),
        ("race_cwd", s_byPath),
        ("race_dirfd", [.. s_byPath.Except(s_withoutDescriptor)]),
        ("race_proc_fd", s_byPath),
        // Through a link to an object that is there nothing is made, and an entry of /proc/self/fd is neither removed nor renamed.
        ("race_fd_link",
        [
            "open-trunc", "truncate", "link-from", "chmod", "chown", "utimensat", "setxattr", "execve", "connect", "sendto", "sendmsg",
            "fchmod", "fchown", "futimens", "fsetxattr",
        ]),
        // Only a call that waits is made again, and these are the judged ones that can.
        (Restart, [.. s_restarted, .. s_restarted.Select(static call => "flipped-" + call)]),
    ];

    /// <summary>
    /// The kernel makes an interrupted call again from its beginning, the seccomp stop included: who judges and continues judges it again, and no
    /// other call's argument is anywhere near. So this one is not won against it; it is there for engines that change the guest's registers.
    /// Without a sandbox the calls do as they should, but for those whose argument the handler changes.
    /// </summary>
    public const string Restart = "race_restart";

    /// <summary>Whether a combination is won where nobody judges.</summary>
    public static bool IsWonUnconfined(string mechanism, string call) => mechanism != Restart || call.StartsWith("flipped-", StringComparison.Ordinal);

    /// <summary>Whether a combination is won against an engine that judges and continues.</summary>
    public static bool IsWonAgainstJudging(string mechanism, string call) => mechanism != Restart;

    /// <summary>Whether a call is made with its arguments in a slot, which without mseal can be changed there; the others are made by the tracer.</summary>
    public static bool RestsOnSeals(string call) =>
        s_structures.Contains(call) || call is "open" or "open-trunc" or "creat" or "execve" or "connect" or "sendto" or "sendmsg" or "bind"
        || s_restarted.Contains(call.Replace("flipped-", "", StringComparison.Ordinal));

    /// <summary>Rows for a theory.</summary>
    public static TheoryData<string, string> Rows(Func<string, string, bool> which)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (mechanism, calls) in All)
        {
            foreach (var call in calls.Where(call => which(mechanism, call)))
            {
                rows.Add(mechanism, call);
            }
        }

        return rows;
    }
}
