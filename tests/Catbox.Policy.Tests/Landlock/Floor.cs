using System.Collections.Immutable;
using System.Text;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Tests.Landlock;

/// <summary>Short words for the tests of plans: a plan, and what a kernel would make of it.</summary>
internal static class Floor
{
    public const int NewestAbi = 7;

    public const ulong Entries = LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE
        | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SOCK
        | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_REFER;

    public static LandlockPlan Of(SandboxPolicy policy, ScriptedDisk disk, int abi = NewestAbi, LandlockMode mode = LandlockMode.Auto, params string[] session) =>
        LandlockPlanner.Plan(new LandlockInput { Policy = policy, Abi = abi, Mode = mode, SessionWritable = [.. session.Select(static s => System.Text.Encoding.UTF8.GetBytes(s).ToImmutableArray())] }, disk);

    public static LandlockPlan Of(string writable, ScriptedDisk disk) => Of(new SandboxPolicy { Writable = [writable] }, disk);

    /// <summary>
    /// Whether a domain lets rights be used on a path: as the kernel walks (security/landlock/fs.c), from the object up, gathering what rules grant. For the
    /// entry of a directory, ask for the directory.
    /// </summary>
    public static bool Grants(this LandlockPlan plan, string path, ulong access)
    {
        var left = access & plan.HandledFiles;
        for (var at = path; ; at = Parent(at))
        {
            foreach (var rule in plan.Paths.Where(r => Text(r) == at))
            {
                left &= ~rule.Access;
            }

            if (left == 0 || at == "/")
            {
                return left == 0;
            }
        }
    }

    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    public static string Text(LandlockPathRule rule) => Encoding.UTF8.GetString(rule.Path.AsSpan());

    /// <summary>The rules on paths that let entries be changed, as text.</summary>
    public static string[] Directories(this LandlockPlan plan) =>
        [.. plan.Paths.Where(static r => (r.Access & LANDLOCK_ACCESS_FS_MAKE_REG) != 0).Select(Text).Order(StringComparer.Ordinal)];

    public static string[] PinnedPaths(this LandlockPlan plan) =>
        [.. plan.Pinned.Select(static p => Encoding.UTF8.GetString(p.AsSpan())).Where(static p => !p.StartsWith("/dev/", StringComparison.Ordinal))];
}
