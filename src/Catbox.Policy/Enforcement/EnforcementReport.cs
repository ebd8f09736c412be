using System.Collections.Immutable;
using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Enforcement;

/// <summary>
/// Says of each rule of a session what holds it: a pure function of <see cref="EnforcementFacts"/>. It claims nothing for a refusal that the call it
/// refuses could escape: a rule is as strong as the weakest way around it.
/// </summary>
internal static partial class EnforcementReport
{
    /// <summary>The rules of a session: the policy's in its own order, then those that every session has.</summary>
    public static ImmutableArray<RuleEnforcement> Of(EnforcementFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var rules = ImmutableArray.CreateBuilder<RuleEnforcement>();
        AddWrites(facts, rules);
        AddReads(facts, rules);
        AddExecutions(facts, rules);
        AddNetwork(facts, rules);
        AddProcesses(facts, rules);
        return facts.Policy.OnViolation == OnViolation.Log ? [.. rules.Select(Collected)] : rules.ToImmutable();
    }

    /// <summary>Collect-only records what a rule refuses and lets it go; what no run may do stays refused.</summary>
    private static RuleEnforcement Collected(RuleEnforcement rule) => rule.Rule is Memory or Mounts
        ? rule
        : rule with { Level = EnforcementLevel.Advisory, Reason = "collect-only: it is recorded and let through" };

    private static void AddWrites(EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules)
    {
        var (policy, floor) = (facts.Policy, facts.Floor);
        foreach (var path in floor.Writable)
        {
            rules.Add(Of(facts, "write " + path.Pattern, path));
        }

        if (!policy.Strict)
        {
            foreach (var path in OrEmpty(facts.SessionWritable))
            {
                rules.Add(new RuleEnforcement(
                    $"write {System.Text.Encoding.UTF8.GetString(path.AsSpan())}", floor.HandledFiles != 0 ? EnforcementLevel.KernelEnforced : Written(facts),
                    floor.HandledFiles != 0 ? "the session's TMPDIR; Landlock's rule is on the directory" : NoFloor(facts)));
            }

            rules.Add(new RuleEnforcement(
                "write the usual devices, its terminals and its own standard streams",
                floor.HandledFiles != 0 ? EnforcementLevel.KernelEnforced : Written(facts),
                floor.HandledFiles != 0 ? "Landlock's rules are on them" : NoFloor(facts)));
            rules.Add(new RuleEnforcement(
                "write its own files of /proc",
                Written(facts),
                floor.HandledFiles == 0 ? NoFloor(facts)
                    : "Landlock has no name for the processes to come, so all of /proc is writable to it; " + Writing(facts)
                        + (facts.TracerIsRoot ? ". As root that includes /proc/sys; --strict takes it back" : ". File modes protect what belongs to others")));
        }

        AddDenied(facts, rules, "deny-write", policy.DenyWrite);
        AddDenied(facts, rules, "silent", policy.Silent);
        rules.Add(NothingElse(facts));
        if (floor.HandledFiles != 0 && (floor.HandledFiles & LANDLOCK_ACCESS_FS_TRUNCATE) == 0)
        {
            rules.Add(new RuleEnforcement(
                "no truncation elsewhere", Behalf(facts), $"version {floor.Abi} of Landlock does not know truncation; " + OnBehalf(facts)));
        }

        rules.Add(new RuleEnforcement(
            "no change of modes, owners, times and attributes elsewhere", Behalf(facts), "Landlock does not govern them; " + OnBehalf(facts)));
    }

    private static RuleEnforcement Of(EnforcementFacts facts, string rule, LandlockExpression expression) => expression.Fit switch
    {
        LandlockFit.Exact when facts.Floor.HandledFiles != 0 => new(rule, EnforcementLevel.KernelEnforced, expression.Why),
        LandlockFit.OuterBound when facts.Floor.HandledFiles != 0 =>
            new(rule, Written(facts), $"Landlock holds {expression.Bound}: {expression.Why}. Inside of that, {Writing(facts)}"),
        _ => new(rule, Written(facts), NoFloor(facts)),
    };

    private static RuleEnforcement NothingElse(EnforcementFacts facts)
    {
        const string Rule = "no writes elsewhere";
        var floor = facts.Floor;
        if (floor.HandledFiles == 0)
        {
            return new(Rule, Written(facts), NoFloor(facts));
        }

        var inside = floor.WideDirectories.ToList();
        if (!facts.Policy.Strict)
        {
            inside.Add("/proc");
        }

        return inside.Count == 0
            ? new(Rule, EnforcementLevel.KernelEnforced, "Landlock refuses them")
            : new(Rule, EnforcementLevel.KernelEnforced, $"Landlock refuses them outside of {string.Join(", ", inside)}; there, {Writing(facts)}");
    }

    /// <summary>Refused paths. A refusal is never raced; but a call that is allowed on another path could be turned to one of these.</summary>
    private static void AddDenied(
        EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules, string name, ImmutableArray<string> patterns)
    {
        foreach (var pattern in OrEmpty(patterns))
        {
            var rule = $"{name} {pattern}";
            rules.Add(facts.Floor.HandledFiles == 0 ? new(rule, Written(facts), NoFloor(facts))
                : IsGranted(facts.Floor, pattern)
                ? new(rule, Written(facts), "it lies in what the Landlock domain lets be written, and Landlock cannot take away; " + Writing(facts))
                : new(rule, EnforcementLevel.KernelEnforced, "the Landlock domain does not let it be written"));
        }
    }

    /// <summary>Whether the domain lets something be written that a pattern may match, because of a rule on it or above it.</summary>
    private static bool IsGranted(LandlockPlan floor, string text)
    {
        var pattern = PathPattern.Parse(text, "path");
        var beginning = pattern.Beginning.AsSpan();
        if (!pattern.IsLiteral)
        {
            beginning = beginning[..Math.Max(0, beginning.LastIndexOf((byte)'/'))];
        }

        foreach (var granted in floor.Paths)
        {
            var path = granted.Path.AsSpan();
            var writes = (granted.Access & LANDLOCK_ACCESS_FS_WRITE_FILE) != 0;
            if (writes && (PathSyntax.IsAtOrBelow(beginning.IsEmpty ? "/"u8 : beginning, path)
                || (!pattern.IsLiteral && PathSyntax.IsAtOrBelow(path, beginning.IsEmpty ? "/"u8 : beginning))))
            {
                return true;
            }
        }

        return false;
    }

    private static void AddReads(EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules)
    {
        const string Why = "Landlock cannot say it: to execute is to read, and rules for reading do not decide on programs; ";
        foreach (var pattern in OrEmpty(facts.Policy.Readable))
        {
            rules.Add(new RuleEnforcement($"read {pattern}", EnforcementLevel.Advisory, Why + Looking));
        }

        foreach (var pattern in OrEmpty(facts.Policy.DenyRead))
        {
            rules.Add(new RuleEnforcement($"deny-read {pattern}", EnforcementLevel.Advisory, "Landlock cannot take away; " + Looking));
        }
    }

    /// <summary>Opening is held, and a rule is as strong as the weakest way around it.</summary>
    private const string Looking = "a call that only looks (stat, readlink) walks its path again, and a link on the way may be exchanged";

    private static void AddExecutions(EnforcementFacts facts, ImmutableArray<RuleEnforcement>.Builder rules)
    {
        foreach (var pattern in OrEmpty(facts.Policy.Executable))
        {
            rules.Add(new RuleEnforcement(
                $"execute {pattern}", Continued(facts), "Landlock cannot say it: the interpreters that programs name would be refused; " + Continuing(facts)));
        }

        foreach (var pattern in OrEmpty(facts.Policy.DenyExecute))
        {
            rules.Add(new RuleEnforcement($"deny-execute {pattern}", Continued(facts), "Landlock cannot take away; " + Continuing(facts)));
        }
    }

    private static bool Seals(EnforcementFacts facts) => facts.ArgumentsAreSealed && facts.CanSeal;

    /// <summary>The level of what rests on a call that goes on after its argument was judged.</summary>
    private static EnforcementLevel Continued(EnforcementFacts facts) =>
        Seals(facts) ? EnforcementLevel.TracerEnforced : EnforcementLevel.Advisory;

    private static string Continuing(EnforcementFacts facts) =>
        Seals(facts) ? "the argument that was judged is sealed"
        : facts.ArgumentsAreSealed ? "the argument is read again after it was judged: this kernel has no mseal"
        : "the argument is read again after it was judged";

    /// <summary>The level of what rests on a call that the engine makes itself, or lets go on.</summary>
    private static EnforcementLevel Behalf(EnforcementFacts facts) =>
        facts.CallsAreOnBehalf ? EnforcementLevel.TracerEnforced : EnforcementLevel.Advisory;

    private static string OnBehalf(EnforcementFacts facts) =>
        facts.CallsAreOnBehalf ? "the engine makes the call itself, on what it judged" : "the argument is read again after it was judged";

    /// <summary>The level of writes that no domain bounds: files are opened by calls that go on, entries are changed by calls on behalf.</summary>
    private static EnforcementLevel Written(EnforcementFacts facts) => (EnforcementLevel)Math.Min((byte)Continued(facts), (byte)Behalf(facts));

    private static string Writing(EnforcementFacts facts) => Written(facts) == EnforcementLevel.TracerEnforced
        ? "what was judged is sealed, or done by the engine itself"
        : Seals(facts) ? OnBehalf(facts) : Continuing(facts);

    /// <summary>Why there is no floor under files, and what holds in its place.</summary>
    private static string NoFloor(EnforcementFacts facts) => $"{facts.Floor.WhyNoFiles ?? facts.Floor.WhyNone}; {Writing(facts)}";

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
