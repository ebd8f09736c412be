using System.Collections.Immutable;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Rules;

/// <summary>
/// A policy made ready for the hot path. Precedence, in one sentence: the deepest literal path wins, deny wins a tie; a glob or regex counts as deep as
/// its literal beginning, in whole components. Immutable, thread-safe; no decision allocates.
/// </summary>
/// <remarks>
/// <para>Write: denied unless the deepest rule that matches is a writable path (the policy's, the session's, or a default one). Denied reads and silent
/// paths count as denied writes too, so below a path that may not be read nothing may be written unless a deeper writable path says so.</para>
/// <para>Change: as write, but for what is writable without asking: that may be opened alone.</para>
/// <para>Read: allowed unless denied; where there are readable paths, denied unless readable or writable. The session's directory and the default
/// devices stay readable under <see cref="SandboxPolicy.Strict"/>.</para>
/// <para>Execute: allowed unless denied; where there are executable paths, denied unless executable. Rules for reading do not matter for it.</para>
/// <para>Silent: a denial is not reported when no denying rule lies deeper than the silent path.</para>
/// <para>Literals mean themselves and everything below on component boundaries; so do globs for all that they match; a regex means the whole path.</para>
/// </remarks>
internal sealed partial class CompiledPolicy : IAccessRules
{
    private readonly PathRuleSet _paths;
    private readonly NetworkRuleSet _network;
    private readonly NetworkMode _mode;
    private readonly bool _internetSockets;
    private readonly bool _readsAreListed;
    private readonly bool _executionsAreListed;
    private readonly byte[][] _writableBeginnings;
    private readonly byte[][] _deniedBeginnings;
    private readonly ImmutableArray<ImmutableArray<byte>> _pinned;

    private CompiledPolicy(SandboxPolicy policy, PolicyContext context)
    {
        var rules = new List<(PathPattern Pattern, PathRuleFlags Flags)>();
        const PathRuleFlags Writable = PathRuleFlags.AllowRead | PathRuleFlags.AllowWrite;
        Add(policy.Writable, Writable, "writable path");
        Add(policy.DenyWrite, PathRuleFlags.DenyWrite, "denied write");
        Add(policy.Readable, PathRuleFlags.AllowRead, "readable path");
        Add(policy.DenyRead, PathRuleFlags.DenyRead | PathRuleFlags.DenyWrite, "denied read");
        Add(policy.Executable, PathRuleFlags.AllowExecute, "executable path");
        Add(policy.DenyExecute, PathRuleFlags.DenyExecute, "denied execution");
        Add(policy.Silent, PathRuleFlags.Silent | PathRuleFlags.DenyWrite, "silent path");
        var unasked = policy.Strict ? PathRuleFlags.AllowRead : PathRuleFlags.AllowRead | PathRuleFlags.AllowOpen;
        foreach (var path in SandboxPolicy.DefaultWritable)
        {
            rules.Add((PathPattern.Literal(path, "default writable path"), unasked));
        }

        unasked = policy.Strict ? PathRuleFlags.AllowRead : Writable;
        foreach (var path in OrEmpty(context.SessionWritable))
        {
            rules.Add((PathPattern.Literal(path.AsSpan()), unasked));
        }

        _paths = new PathRuleSet(rules);
        _network = new NetworkRuleSet(OrEmpty(policy.NetworkRules));
        _mode = policy.Network == NetworkMode.Off && !_network.IsEmpty ? NetworkMode.Rules : policy.Network;
        _internetSockets = policy.Network != NetworkMode.Off || _network.AllowsInternet;
        _readsAreListed = !OrEmpty(policy.Readable).IsEmpty;
        _executionsAreListed = !OrEmpty(policy.Executable).IsEmpty;
        _writableBeginnings = [.. rules.Where(rule => (rule.Flags & PathRuleFlags.AllowWrite) != 0).Select(rule => rule.Pattern.Beginning)];
        _deniedBeginnings = [.. rules.Where(rule => (rule.Flags & PathRuleFlags.DenyWrite) != 0).Select(rule => rule.Pattern.Beginning)];
        _pinned = OrEmpty(context.Pinned);
        QueuesAreShut = context.QueuesAreShut;
        OnViolation = policy.OnViolation;
        IsStrict = policy.Strict;
        TellsProgramsApart = _executionsAreListed || !OrEmpty(policy.DenyExecute).IsEmpty;
        Needs = FindNeeds(policy, context);

        void Add(ImmutableArray<string> patterns, PathRuleFlags flags, string what)
        {
            foreach (var pattern in OrEmpty(patterns))
            {
                rules.Add((PathPattern.Parse(pattern, what), flags));
            }
        }
    }

    /// <inheritdoc/>
    public OnViolation OnViolation { get; }

    /// <inheritdoc/>
    public FilterNeeds Needs { get; }

    /// <inheritdoc/>
    public bool IsStrict { get; }

    /// <inheritdoc/>
    public bool QueuesAreShut { get; }

    /// <inheritdoc/>
    public bool TellsProgramsApart { get; }

    /// <summary>Compiles a policy.</summary>
    /// <exception cref="PolicyException">
    /// A path is relative, empty, or contains NUL or <c>..</c>; a glob or regex is not valid, or needs backtracking; a rule of the network contradicts
    /// itself. The message names what the pattern was for, and the pattern.
    /// </exception>
    public static CompiledPolicy Compile(SandboxPolicy policy, PolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(context);
        return new CompiledPolicy(policy, context);
    }

    /// <inheritdoc/>
    public RuleDecision DecidePath(ReadOnlySpan<byte> canonical, PathAccess access)
    {
        var (allow, deny, byDefault) = access switch
        {
            PathAccess.Read => (PathRuleFlags.AllowRead, PathRuleFlags.DenyRead, !_readsAreListed),
            PathAccess.Write => (PathRuleFlags.AllowWrite | PathRuleFlags.AllowOpen, PathRuleFlags.DenyWrite, false),
            PathAccess.Change => (PathRuleFlags.AllowWrite, PathRuleFlags.DenyWrite, false),
            _ => (PathRuleFlags.AllowExecute, PathRuleFlags.DenyExecute, !_executionsAreListed),
        };
        var found = _paths.Find(canonical, allow, deny);
        if ((access is PathAccess.Read || (access is PathAccess.Write && !IsStrict)) && DefaultWritablePaths.IsPty(canonical))
        {
            // As a glob /dev/pts/* would count.
            found.Allow = Math.Max(found.Allow, 2);
        }

        if (found.Allow > found.Deny || (found.Allow < 0 && found.Deny < 0 && byDefault))
        {
            return RuleDecision.Allow;
        }

        return found.Silent >= 0 && found.Silent >= found.Deny ? RuleDecision.DenySilently : RuleDecision.Deny;
    }

    /// <inheritdoc/>
    public bool LeadsToWritable(ReadOnlySpan<byte> canonical) => IsAboveAny(_writableBeginnings, canonical);

    /// <inheritdoc/>
    public bool LeadsToDenied(ReadOnlySpan<byte> canonical) => IsAboveAny(_deniedBeginnings, canonical);

    /// <inheritdoc/>
    public bool IsPinned(ReadOnlySpan<byte> canonical)
    {
        foreach (var path in _pinned)
        {
            if (canonical.SequenceEqual(path.AsSpan()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAboveAny(byte[][] beginnings, ReadOnlySpan<byte> canonical)
    {
        while (!canonical.IsEmpty && canonical[^1] == (byte)'/')
        {
            canonical = canonical[..^1];
        }

        foreach (var beginning in beginnings)
        {
            if (beginning.Length > canonical.Length && beginning.AsSpan().StartsWith(canonical) && beginning[canonical.Length] == (byte)'/')
            {
                return true;
            }
        }

        return false;
    }

    private FilterNeeds FindNeeds(SandboxPolicy policy, PolicyContext context)
    {
        var needs = FilterNeeds.Writes | FilterNeeds.Processes | FilterNeeds.Refusals;
        if (!OrEmpty(policy.Readable).IsEmpty || !OrEmpty(policy.DenyRead).IsEmpty)
        {
            needs |= FilterNeeds.Reads;
        }

        if (TellsProgramsApart || !context.TracerIsRoot)
        {
            needs |= FilterNeeds.Executions;
        }

        if (policy.Network != NetworkMode.On || !_network.IsEmpty)
        {
            needs |= FilterNeeds.Internet | FilterNeeds.UnixSockets;
        }

        if (context.TracerHasPrivileges)
        {
            needs |= FilterNeeds.Credentials;
        }

        if (context.DumpsNoCore)
        {
            needs |= FilterNeeds.CoreLimit;
        }

        return context.PlacesGuests ? needs | FilterNeeds.Affinity : needs;
    }

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
