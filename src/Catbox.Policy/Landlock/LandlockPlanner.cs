using System.Collections.Immutable;
using System.Text;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Landlock;

/// <summary>
/// Makes a <see cref="LandlockPlan"/> of a policy. The domain is a floor under the judge, who comes first and tells of what he refuses: it must refuse
/// nothing that he allows, and else as much as it can.
/// </summary>
/// <remarks>
/// <para>A rule holds on the inode that a path leads to at the launch, not on the name (landlock(7)). A writable directory is exact, but the directory
/// itself has to stay (<see cref="LandlockPlan.Pinned"/>). A writable file can be replaced (<c>ld</c> unlinks its output first), and a path where nothing
/// is can be made: both need the rights on their directory. So does what a glob or a regex matches. Where that directory is not there, and nothing lets
/// the guest make it, the path is unreachable (<see cref="LandlockPlan.Unreachable"/>).</para>
/// <para>Not handled: reading, since executing asks for LANDLOCK_ACCESS_FS_READ_FILE and the rules for reading do not decide what may be executed; and
/// executing, since the interpreters that a program and a script name would need it, at which those rules do not look.</para>
/// <para>Ideas that failed: the directory of a writable directory, so that it may be removed (the floor of a build would be everything beside it);
/// the nearest directory above a path whose own is missing (one path that is not there on this machine would open <c>/</c>, and be the end of the floor);
/// rules on <c>/proc/PID</c> (the processes to come have none); a second domain that takes denied paths away (rules grant, in every layer).</para>
/// </remarks>
internal static partial class LandlockPlanner
{
    /// <summary>Version 1 refuses every link and rename between two directories by EXDEV, which no policy asks for.</summary>
    private const int OldestAbi = 2;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="PolicyException">A writable path is not valid.</exception>
    public static LandlockPlan Plan(LandlockInput input, ILandlockPaths paths)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(paths);
        var policy = input.Policy;
        var grants = new Grants(paths);
        var expressions = policy.Writable.IsDefaultOrEmpty ? [] : policy.Writable.Select(grants.AddPattern).ToImmutableArray();
        if (input.Mode != LandlockMode.Off && !policy.Strict)
        {
            foreach (var path in input.SessionWritable.IsDefault ? [] : input.SessionWritable)
            {
                grants.AddSessionDirectory([.. path]);
            }
        }

        expressions = grants.AddLateOnes(expressions);
        var pinned = input.Mode == LandlockMode.Off ? [] : grants.Pins();
        foreach (var path in SandboxPolicy.DefaultWritable)
        {
            grants.AddDevice(Encoding.UTF8.GetBytes(path), policy.Strict);
        }

        pinned = policy.Strict ? pinned : pinned.AddRange(grants.DefaultPins());
        var unreachable = input.Mode == LandlockMode.Off ? [] : grants.Unreachable();
        if (WhyNone(input) is { } none)
        {
            return new LandlockPlan
            {
                Abi = input.Abi,
                Pinned = pinned,
                Unreachable = unreachable,
                WhyNone = none,
                WhyNoFiles = none,
                Writable = [.. expressions.Select(e => e with { Fit = LandlockFit.None, Bound = null, Why = none })],
            };
        }

        grants.AddTree("/dev/pts"u8.ToArray(), policy.Strict ? LANDLOCK_ACCESS_FS_IOCTL_DEV : FileWrites);
        if (!policy.Strict)
        {
            grants.AddTree("/proc"u8.ToArray(), LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE);
        }

        var known = WritesOf(input.Abi);
        var whyNoFiles = expressions.FirstOrDefault(static e => e.Bound == "/") is { } all
            ? $"for {all.Pattern} the whole file system is open to Landlock"
            : null;
        var plan = new LandlockPlan
        {
            Abi = input.Abi,
            Pinned = pinned,
            Unreachable = unreachable,
            HandledFiles = whyNoFiles is null ? known : 0,
            Paths = whyNoFiles is null ? grants.ToRules(known) : [],
            StreamAccess = whyNoFiles is null && !policy.Strict ? FileWrites & known : 0,
            QueuesAreShut = whyNoFiles is null && !grants.HoldQueues(),
            Writable = expressions,
            WideDirectories = grants.Wide(),
            WhyNoFiles = whyNoFiles,
        };
        plan = WithNetwork(plan, policy);
        return plan.IsEmpty ? plan with { WhyNone = whyNoFiles } : plan;
    }

    private static string? WhyNone(LandlockInput input)
    {
        if (input.Mode == LandlockMode.Off)
        {
            return "Landlock was switched off";
        }

        if (input.Policy.OnViolation == OnViolation.Log)
        {
            return "collect-only lets everything through";
        }

        return input.Abi <= 0 ? "this kernel has no Landlock"
            : input.Abi < OldestAbi ? "version 1 of Landlock refuses every rename between directories"
            : null;
    }

    /// <summary>A path as text, for reasons; bytes that are not UTF-8 become U+FFFD.</summary>
    private static string Text(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path);

    /// <summary>What is granted so far.</summary>
    private sealed class Grants(ILandlockPaths paths)
    {
        private readonly List<(byte[] Path, ulong Access, bool IsWide)> _grants = [];
        private readonly List<byte[]> _directories = [];
        private readonly List<byte[]> _devices = [];
        private readonly List<byte[]> _defaults = [];

        /// <summary>Patterns of which the directory is not there, with the nearest one that is.</summary>
        private readonly Dictionary<string, byte[]> _late = [];

        /// <summary>Grants what a writable path needs.</summary>
        public LandlockExpression AddPattern(string text)
        {
            var pattern = PathPattern.Parse(text, "writable path");
            if (!pattern.IsLiteral)
            {
                // All that matches lies below the last whole component of the beginning, or is an entry of it.
                return AddWide(text, Parent(pattern.Beginning), text[0] == '~' ? "Landlock knows no regular expressions" : "Landlock knows no wildcards");
            }

            var path = pattern.Beginning.Length == 0 ? [(byte)'/'] : pattern.Beginning;
            switch (paths.KindOf(path))
            {
                case FileKind.Directory:
                    AddDirectory(path);
                    return new LandlockExpression(text, LandlockFit.Exact, Text(path), "Landlock's rule is on the directory");
                case FileKind.CharacterDevice or FileKind.BlockDevice:
                    _grants.Add((path, FileWrites, false));
                    _devices.Add(path);
                    return new LandlockExpression(text, LandlockFit.Exact, Text(path), "Landlock's rule is on the device");
                case FileKind.Unknown:
                    return AddWide(text, Parent(path), "nothing was there at the launch that a rule of Landlock could be on");
                default:
                    return AddWide(text, Parent(path), "it may be replaced, and a rule of Landlock is on a file and not on its name");
            }
        }

        /// <summary>Grants a directory of the session's own. Where a link leads to it the judge, who sees canonical paths, allows nothing in it either.</summary>
        public void AddSessionDirectory(byte[] path)
        {
            if (paths.KindOf(path) == FileKind.Directory)
            {
                AddDirectory(path);
            }
        }

        /// <summary>Grants a directory that is there.</summary>
        private void AddDirectory(byte[] path)
        {
            _grants.Add((path, FileWrites | EntryWrites, false));
            _directories.Add(path);
        }

        /// <summary>Grants one of the devices that may be written without asking; one that is not there is not to be made.</summary>
        public void AddDevice(byte[] path, bool isStrict)
        {
            if (paths.KindOf(path) is FileKind.CharacterDevice)
            {
                // Also who may only read a terminal asks it for its settings.
                _grants.Add((path, isStrict ? LANDLOCK_ACCESS_FS_IOCTL_DEV : FileWrites, false));
                _defaults.Add(path);
            }
        }

        /// <summary>Grants rights on the files below a directory, where it is there.</summary>
        public void AddTree(byte[] path, ulong access)
        {
            if (paths.KindOf(path) is FileKind.Directory)
            {
                _grants.Add((path, access, false));
            }
        }

        /// <summary>The writable directories and devices whose own entry the domain does not let be changed.</summary>
        public ImmutableArray<ImmutableArray<byte>> Pins() => Uncovered([.. _directories, .. _devices]);

        /// <summary>The same of the devices that may be written without asking: to write there is not to take them away, whatever the floor.</summary>
        public ImmutableArray<ImmutableArray<byte>> DefaultPins() => Uncovered(_defaults);

        /// <summary>Whether a directory that may be written is the file system of message queues.</summary>
        public bool HoldQueues() => _directories.Exists(directory => paths.HoldsQueues(directory));

        public ImmutableArray<string> Wide() =>
            [.. _grants.Where(static g => g.IsWide).Select(static g => Text(g.Path)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        public ImmutableArray<LandlockPathRule> ToRules(ulong known) =>
        [
            .. _grants.GroupBy(static g => Convert.ToHexString(g.Path))
                .Select(g => new LandlockPathRule([.. g.First().Path], g.Aggregate(0UL, static (access, one) => access | one.Access) & known))
                .Where(static r => r.Access != 0),
        ];

        /// <summary>
        /// Grants what is needed by patterns whose directory is not there: it is made by the guest itself, where another rule lets it be made, or by nobody.
        /// </summary>
        public ImmutableArray<LandlockExpression> AddLateOnes(ImmutableArray<LandlockExpression> expressions)
        {
            var bounds = expressions.ToBuilder();
            for (var i = 0; i < bounds.Count; i++)
            {
                if (_late.TryGetValue(bounds[i].Pattern, out var nearest) && IsCovered(nearest))
                {
                    _late.Remove(bounds[i].Pattern);
                    bounds[i] = bounds[i] with { Fit = LandlockFit.OuterBound, Bound = Text(nearest), Why = "its directory is yet to be made" };
                }
            }

            return bounds.ToImmutable();
        }

        /// <summary>The patterns that nothing can be reached by.</summary>
        public ImmutableArray<string> Unreachable() => [.. _late.Keys.Order(StringComparer.Ordinal)];

        private LandlockExpression AddWide(string text, byte[] directory, string why)
        {
            if (paths.KindOf(directory) != FileKind.Directory)
            {
                _late[text] = Nearest(directory);
                return new LandlockExpression(text, LandlockFit.Exact, null, "its directory was not there at the launch, so it allows nothing");
            }

            _grants.Add((directory, FileWrites | EntryWrites, true));
            return new LandlockExpression(text, LandlockFit.OuterBound, Text(directory), why);
        }

        private ImmutableArray<ImmutableArray<byte>> Uncovered(List<byte[]> candidates) =>
        [
            .. candidates.DistinctBy(Convert.ToHexString).Where(c => c.Length > 1 && !IsCovered(Parent(c))).Select(static c => c.ToImmutableArray()),
        ];

        /// <summary>Whether entries of a directory may be changed.</summary>
        private bool IsCovered(byte[] directory) => _grants.Exists(g => (g.Access & EntryWrites) != 0 && PathSyntax.IsAtOrBelow(directory, g.Path));

        /// <summary>A directory, or the nearest one above it that is there.</summary>
        private byte[] Nearest(byte[] directory)
        {
            while (directory.Length > 1 && paths.KindOf(directory) != FileKind.Directory)
            {
                directory = Parent(directory);
            }

            return directory;
        }

        private static byte[] Parent(ReadOnlySpan<byte> path)
        {
            var slash = path.LastIndexOf((byte)'/');
            return slash <= 0 ? [(byte)'/'] : path[..slash].ToArray();
        }
    }
}
