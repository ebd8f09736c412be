using System.Collections.Immutable;
using System.Text;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>What would have allowed a refused call. Never advice that would not work: where a rule denies, it is the rule that is named.</summary>
internal static class ViolationHint
{
    /// <summary>The end of a violation's line, as <c>allow with -p /var/cache</c>; null where there is nothing to say.</summary>
    public static string? Of(Violation violation, SandboxPolicy policy)
    {
        var resolved = violation.Resolved.AsSpan();
        return violation.Subject switch
        {
            ViolationSubject.Write => OfWrite(violation.Resolved, policy),
            ViolationSubject.Read => OfRule(violation.Resolved, policy.DenyRead, "--deny-read", policy.Readable.IsEmpty ? null : "--read"),
            ViolationSubject.Execute => OfRule(violation.Resolved, policy.DenyExecute, "--deny-exec", policy.Executable.IsEmpty ? null : "--exec"),
            ViolationSubject.Socket => "allow with -n",
            ViolationSubject.Connect when IsDestination(resolved) => "allow with --connect " + ShellQuote(Destination(resolved)),
            ViolationSubject.Bind when IsDestination(resolved) => "allow with --bind " + ShellQuote(Destination(resolved)),
            _ => null,
        };
    }

    /// <summary>Quotes a word for a POSIX shell where it needs it.</summary>
    public static string ShellQuote(string word) =>
        word.All(static c => char.IsAsciiLetterOrDigit(c) || c > 127 || "/._-+:@%,=".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    private static string? OfWrite(ImmutableArray<byte> resolved, SandboxPolicy policy)
    {
        // The directory, not the file: a build that writes one file there writes the next one too. But never the whole of `/` or of a top directory's parent.
        var path = resolved.AsSpan();
        var slash = path.LastIndexOf((byte)'/');
        var directory = slash > 0 ? path[..slash] : path;
        return DeniedBy(path, policy.DenyWrite, "--deny-write") ?? (Nameable(directory) is { } text ? "allow with -p " + ShellQuote(text) : null);
    }

    private static string? OfRule(ImmutableArray<byte> resolved, ImmutableArray<string> denied, string denyOption, string? allowOption) =>
        DeniedBy(resolved.AsSpan(), denied, denyOption)
        ?? (allowOption is not null && Nameable(resolved.AsSpan()) is { } text ? $"allow with {allowOption} {ShellQuote(text)}" : null);

    /// <summary>Names the deepest literal denial that contains a path.</summary>
    private static string? DeniedBy(ReadOnlySpan<byte> path, ImmutableArray<string> denied, string option)
    {
        string? deepest = null;
        foreach (var pattern in denied)
        {
            var literal = Encoding.UTF8.GetBytes(pattern.Length > 1 ? pattern.TrimEnd('/') : pattern);
            var contains = path.StartsWith(literal) && (path.Length == literal.Length || literal is [(byte)'/'] || path[literal.Length] == '/');
            if (contains && pattern.Length > (deepest?.Length ?? 0))
            {
                deepest = pattern;
            }
        }

        return deepest is null ? null : $"denied by {option} {ShellQuote(deepest)}";
    }

    /// <summary>A path as an option's value; null where it is none (the nameless, such as pipe:[12]) or would allow everything.</summary>
    private static string? Nameable(ReadOnlySpan<byte> path)
    {
        if (path.Length < 2 || path[0] != '/')
        {
            return null;
        }

        // \xNN is a byte to a pattern as well, so a name that cannot be typed can still be allowed.
        var text = PathText.Escape(path);
        return string.Concat(text.Select(static c => c is '*' or '?' or '[' or ']' or '{' or '}' ? "\\" + c : c.ToString()));
    }

    private static bool IsDestination(ReadOnlySpan<byte> resolved) =>
        !resolved.IsEmpty && !resolved.SequenceEqual("unknown"u8) && !PathText.Escape(resolved).Contains('\\', StringComparison.Ordinal);

    private static string Destination(ReadOnlySpan<byte> resolved)
    {
        var text = Encoding.UTF8.GetString(resolved);
        if (text[0] is '/' or '@' or '[' || text.AsSpan().Count(':') < 2)
        {
            return text;
        }

        // ::1:80, as violations name IPv6 destinations, would be an address without a port.
        var colon = text.LastIndexOf(':');
        return $"[{text[..colon]}]:{text[(colon + 1)..]}";
    }
}
