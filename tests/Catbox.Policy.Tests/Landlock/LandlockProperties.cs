using System.Text;
using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using CsCheck;
using Xunit;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Tests.Landlock;

/// <summary>
/// The floor refuses nothing that the judge allows, on random disks under random policies; and where the policy is of directories that are there, it
/// allows nothing more.
/// </summary>
public sealed class LandlockProperties
{
    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "ab", "é");

    private static readonly Gen<string> Path = Name.Array[1, 4].Select(static names => "/" + string.Join('/', names));

    private static readonly Gen<FileKind> Kind = Gen.OneOf(
        FileKind.Directory, FileKind.Directory, FileKind.Directory, FileKind.Regular, FileKind.Symlink, FileKind.CharacterDevice, FileKind.Fifo);

    private static readonly Gen<string> Pattern = Gen.Select(Path, Gen.OneOf("", "", "", "/*", "/**/b", "*", "/x{1,2}", "~"), static (path, tail) =>
        tail == "~" ? "~" + path + "/[ab]+" : path + tail);

    private static readonly Gen<string[]> Patterns = Pattern.Array[0, 3];

    /// <summary>Entries, each below directories only.</summary>
    private static readonly Gen<ScriptedDisk> Disk = Gen.Select(Path, Kind).Array[0, 8].Select(static entries =>
    {
        var disk = new ScriptedDisk();
        foreach (var (path, kind) in entries.OrderBy(static e => e.Item1.Length))
        {
            if (Above(path).All(above => disk.Of(above) is FileKind.Directory or FileKind.Unknown) && disk.Of(path) == FileKind.Unknown)
            {
                disk.With(path, kind);
            }
        }

        return disk;
    });

    private static readonly Gen<SandboxPolicy> Policy = Gen.Select(Patterns, Patterns, Patterns, Gen.Bool, static (writable, denied, unreadable, strict) =>
        new SandboxPolicy { Writable = [.. writable], DenyWrite = [.. denied], DenyRead = [.. unreadable], Strict = strict });

    [Fact]
    public void What_the_judge_lets_be_written_the_domain_lets_be_written()
        => Gen.Select(Policy, Disk, Gen.Int[2, 7], Path.Array[1, 20]).Sample((policy, disk, abi, paths) =>
        {
            var plan = Floor.Of(policy, disk, abi);
            var rules = Judged(policy, plan);
            foreach (var path in paths.Append("/dev/null").Append("/dev/pts/3"))
            {
                if (rules.DecidePath(Encoding.UTF8.GetBytes(path), PathAccess.Write) == RuleDecision.Allow)
                {
                    Assert.True(plan.Grants(path, plan.HandledFiles & (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV)), path);
                }
            }
        }, iter: 2_000);

    [Fact]
    public void An_entry_that_the_judge_lets_be_made_renamed_or_removed_the_domain_lets_too()
        => Gen.Select(Policy, Disk, Gen.Int[2, 7], Path.Array[1, 20]).Sample((policy, disk, abi, paths) =>
        {
            var plan = Floor.Of(policy, disk, abi);
            var rules = Judged(policy, plan);
            foreach (var path in paths)
            {
                // Below a device nothing can be, and it has to stay.
                var bytes = Encoding.UTF8.GetBytes(path);
                if (!Above(path).Any(above => disk.Of(above) == FileKind.CharacterDevice)
                    && rules.DecidePath(bytes, PathAccess.Write) == RuleDecision.Allow && !rules.IsPinned(bytes))
                {
                    Assert.True(plan.Grants(Floor.Parent(path), Floor.Entries), path);
                }
            }
        }, iter: 2_000);

    [Fact]
    public void Directories_that_are_there_are_bounded_exactly()
        => Gen.Select(Path.Array[1, 3], Path.Array[1, 20]).Sample((directories, paths) =>
        {
            var disk = directories.Aggregate(new ScriptedDisk(), static (disk, directory) => disk.With(directory));
            var policy = new SandboxPolicy { Writable = [.. directories], Strict = true };
            var plan = Floor.Of(policy, disk);
            var rules = CompiledPolicy.Compile(policy, new PolicyContext());
            foreach (var path in paths)
            {
                var allowed = rules.DecidePath(Encoding.UTF8.GetBytes(path), PathAccess.Write) == RuleDecision.Allow;
                Assert.Equal(allowed, plan.Grants(path, LANDLOCK_ACCESS_FS_WRITE_FILE));
            }

            Assert.All(plan.Writable, static w => Assert.Equal(LandlockFit.Exact, w.Fit));
            Assert.Empty(plan.WideDirectories);
        }, iter: 1_000);

    [Fact]
    public void Every_writable_directory_has_the_same_rights_so_that_what_is_in_one_can_be_moved_to_another()
        => Gen.Select(Policy, Disk).Sample((policy, disk) =>
        {
            // A move to where more is granted is EXDEV (current_check_refer_path): so every directory has the same rights.
            var plan = Floor.Of(policy, disk);
            Assert.True(plan.Paths.Where(static r => (r.Access & LANDLOCK_ACCESS_FS_REFER) != 0).Select(static r => r.Access).Distinct().Count() <= 1);
        }, iter: 500);

    [Fact]
    public void A_TCP_connection_that_the_judge_allows_has_its_port_granted()
        => Gen.Select(Gen.Select(Gen.Bool, Gen.UShort[0, 9], Gen.UShort[0, 4]).Array[0, 4], Gen.UShort[0, 14].Array[8]).Sample((rules, ports) =>
        {
            var policy = new SandboxPolicy
            {
                NetworkRules = [.. rules.Select(static r => new NetworkRule(r.Item1, null, r.Item2, (ushort)(r.Item2 + r.Item3), NetworkDirection.Connect, null))],
            };
            var plan = Floor.Of(policy, new ScriptedDisk());
            var compiled = Rules.Rule.Compile(policy);
            foreach (var port in ports)
            {
                var granted = (plan.HandledNetwork & LANDLOCK_ACCESS_NET_CONNECT_TCP) == 0 || plan.Ports.Any(p => p.Port == port);
                Assert.True(granted || Rules.Rule.Connect(compiled, "127.0.0.1", port) != RuleDecision.Allow);
            }
        }, iter: 1_000);

    private static CompiledPolicy Judged(SandboxPolicy policy, LandlockPlan plan) =>
        CompiledPolicy.Compile(plan.Reachable(policy), new PolicyContext { Pinned = plan.Pinned });

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
