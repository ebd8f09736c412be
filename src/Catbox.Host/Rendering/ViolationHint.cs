using System.Collections.Immutable;
using System.Text;
using Catbox.Host.Parsing;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>
/// What would have allowed a refused call. Each piece of advice is tried before it is given: the policy with that option is compiled, and what was refused is judged again. Where none helps
/// there is none; where a rule denies, it is the rule that is named.
/// </summary>
internal static class ViolationHint
{
    private static readonly PolicyContext s_context = new();

    /// <summary>The end of a violation's line, as <c>allow with -p /var/cache</c>; null where there is nothing to say.</summary>
    public static string? Of(Violation violation, SandboxPolicy policy)
    {
        var resolved = violation.Resolved.IsDefault ? [] : violation.Resolved.AsSpan();
        return violation.Subject switch
        {
            ViolationSubject.Write => OfWrite(violation, policy),
            ViolationSubject.Read => DeniedBy(resolved, policy.DenyRead, "--deny-read") ?? OfList(violation, policy, policy.Readable, "--read", static (p, v) => p with { Readable = [.. p.Readable, v] }),
            ViolationSubject.Execute =>
                DeniedBy(resolved, policy.DenyExecute, "--deny-exec") ?? OfList(violation, policy, policy.Executable, "--exec", static (p, v) => p with { Executable = [.. p.Executable, v] }),
            ViolationSubject.Socket => OfNetwork(violation, policy, "--connect", "localhost:*", NetworkDirection.Connect)
                ?? Tried(violation, policy, policy with { Network = NetworkMode.On }, "allow with -n"),
            ViolationSubject.Connect => OfNetwork(violation, policy, "--connect", Destination(resolved), NetworkDirection.Connect),
            ViolationSubject.Bind => OfNetwork(violation, policy, "--bind", Destination(resolved), NetworkDirection.Bind),
            ViolationSubject.Queue => OfQueue(violation, policy),
            _ => null,
        };
    }

    private static string? OfWrite(Violation violation, SandboxPolicy policy)
    {
        var path = violation.Resolved.AsSpan();
        if (DeniedWrite(path, policy) is { } denied)
        {
            return denied;
        }

        // A process has another number the next time.
        if (IsOfProcess(path))
        {
            return null;
        }

        // The directory, not the file: a build that writes one file there writes the next one too. But never the whole of `/` or of a top directory's parent.
        var slash = path.LastIndexOf((byte)'/');
        var directory = slash > 0 ? path[..slash] : path;
        if (!IsNameable(directory))
        {
            return null;
        }

        var pattern = ShellWord.Pattern(directory);
        var hint = "allow with -p " + ShellWord.Quote(pattern);
        var wider = policy with { Writable = [.. policy.Writable, pattern] };
        if (!Allows(policy, ViolationSubject.Write, path))
        {
            return Tried(violation, policy, wider, hint);
        }

        // What is in it may be written, but it has to stay itself: only who may write the directory above it may take it away. For other calls it was no rule on paths that refused.
        return TakesAway(violation.Operation)
            ? DeniedBelow(path, policy) ?? (!Allows(policy, ViolationSubject.Write, directory) && Allows(wider, ViolationSubject.Write, directory) ? hint : null)
            : null;
    }

    private static string? OfQueue(Violation violation, SandboxPolicy policy)
    {
        var path = violation.Resolved.AsSpan();
        return DeniedWrite(path, policy)
            ?? (Allows(policy with { Writable = [.. policy.Writable, "/dev/mqueue"] }, ViolationSubject.Write, path) ? "allow with -p /dev/mqueue --landlock off" : null);
    }

    /// <summary>A list that, where it is not empty, names all that is allowed.</summary>
    private static string? OfList(
        Violation violation, SandboxPolicy policy, ImmutableArray<string> listed, string option, Func<SandboxPolicy, string, SandboxPolicy> with)
    {
        var path = violation.Resolved.AsSpan();
        if (listed.IsEmpty || !IsNameable(path) || IsOfProcess(path) || Allows(policy, violation.Subject, path))
        {
            return null;
        }

        var pattern = ShellWord.Pattern(path);
        return Tried(violation, policy, with(policy, pattern), $"allow with {option} {ShellWord.Quote(pattern)}");
    }

    private static string? OfNetwork(Violation violation, SandboxPolicy policy, string option, string? destination, NetworkDirection direction)
    {
        if (destination is null)
        {
            return null;
        }

        try
        {
            // As the option is read, and put before what a policy's file says; of names only localhost comes here.
            var rules = NetworkRuleText.Parse(option, destination, direction, static _ => []);
            return Tried(violation, policy, policy with { NetworkRules = [.. rules, .. policy.NetworkRules] }, $"allow with {option} {ShellWord.Quote(destination)}");
        }
        catch (UsageException)
        {
            return null;
        }
    }

    /// <summary>Advice that helps: refused before, allowed with it.</summary>
    private static string? Tried(Violation violation, SandboxPolicy before, SandboxPolicy with, string hint) =>
        !Allows(before, violation.Subject, violation.Resolved.AsSpan()) && Allows(with, violation.Subject, violation.Resolved.AsSpan()) ? hint : null;

    private static bool Allows(SandboxPolicy policy, ViolationSubject subject, ReadOnlySpan<byte> resolved)
    {
        try
        {
            return Hindsight.Allows(CompiledPolicy.Compile(policy, s_context), subject, resolved);
        }
        catch (PolicyException)
        {
            return false;
        }
    }

    private static bool TakesAway(string operation) =>
        operation.StartsWith("rename", StringComparison.Ordinal) || operation.StartsWith("unlink", StringComparison.Ordinal) || operation == "rmdir";

    private static string? DeniedWrite(ReadOnlySpan<byte> path, SandboxPolicy policy) =>
        DeniedBy(path, policy.DenyWrite, "--deny-write") ?? DeniedBy(path, policy.DenyRead, "--deny-read") ?? DeniedBy(path, policy.Silent, "--silent");

    /// <summary>Names the longest denial that a path falls under.</summary>
    private static string? DeniedBy(ReadOnlySpan<byte> path, ImmutableArray<string> denied, string option)
    {
        string? longest = null;
        foreach (var pattern in denied)
        {
            if (pattern.Length > (longest?.Length ?? 0) && Covers(pattern, path))
            {
                longest = pattern;
            }
        }

        return longest is null ? null : $"denied by {option} {ShellWord.Quote(longest)}";
    }

    /// <summary>Names a denial of something in a directory, which must therefore stay where it is.</summary>
    private static string? DeniedBelow(ReadOnlySpan<byte> directory, SandboxPolicy policy)
    {
        foreach (var (pattern, option) in policy.DenyWrite.Select(static p => (p, "--deny-write")).Concat(policy.DenyRead.Select(static p => (p, "--deny-read"))).Concat(policy.Silent.Select(static p => (p, "--silent"))))
        {
            var rules = CompiledPolicy.Compile(new SandboxPolicy { DenyWrite = [pattern] }, s_context);
            if (rules.LeadsToDenied(directory))
            {
                return $"denied by {option} {ShellWord.Quote(pattern)}";
            }
        }

        return null;
    }

    private static bool Covers(string pattern, ReadOnlySpan<byte> path) =>
        !path.IsEmpty && path[0] == (byte)'/' && !Allows(new SandboxPolicy { Writable = ["/"], DenyWrite = [pattern] }, ViolationSubject.Write, path);

    /// <summary>Whether a path can be an option's value: not for the nameless, such as pipe:[12], and not where it would allow everything.</summary>
    private static bool IsNameable(ReadOnlySpan<byte> path) => path.Length >= 2 && path[0] == (byte)'/';

    private static bool IsOfProcess(ReadOnlySpan<byte> path) => path.StartsWith("/proc/"u8) && path.Length > 6 && path[6] is >= (byte)'0' and <= (byte)'9';

    /// <summary>A destination as an option's value; null where it is none.</summary>
    private static string? Destination(ReadOnlySpan<byte> resolved)
    {
        if (resolved.IsEmpty || resolved.SequenceEqual("unknown"u8))
        {
            return null;
        }

        if (resolved[0] is (byte)'/' or (byte)'@')
        {
            return (char)resolved[0] + ShellWord.Pattern(resolved[1..]);
        }

        var text = Encoding.UTF8.GetString(resolved);
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            return null;
        }

        // Port 0 is any that is free: only a rule for all ports has it. ::1:80, as violations name IPv6 destinations, would be an address without a port.
        var (host, port) = (text[..colon], text[(colon + 1)..]);
        return (host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host) + ":" + (port == "0" ? "*" : port);
    }
}
