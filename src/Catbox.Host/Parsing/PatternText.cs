using System.Buffers;

namespace Catbox.Host.Parsing;

/// <summary>
/// Path patterns as people write them, made into what a policy takes: absolute, and canonical as far as they are literal, because the engine
/// judges canonical paths (a policy on <c>/var/run</c> would never match where that is a link to <c>/run</c>).
/// </summary>
/// <param name="workingDirectory">Where relative patterns start.</param>
/// <param name="home">The home directory, to recognise a <c>~/</c> that no shell expanded.</param>
/// <param name="canonical">Resolves an absolute path's links; a part that does not exist is kept as it is.</param>
internal sealed class PatternText(string workingDirectory, string? home, Func<string, string> canonical)
{
    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?[]{}\\");

    /// <summary>Makes a pattern from a command line absolute.</summary>
    /// <exception cref="UsageException">It looks like something else than it would be.</exception>
    public string FromCommandLine(string option, string text)
    {
        if (text.StartsWith('~'))
        {
            RefuseUnexpandedHome(option, text);
            return text;
        }

        // A name that is there is meant by its name, whatever characters it has.
        var absolute = text.StartsWith('/') ? text : workingDirectory.TrimEnd('/') + "/" + text;
        return absolute.AsSpan().IndexOfAny(Wildcards) >= 0 && Path.Exists(absolute)
            ? Escaped(canonical(absolute))
            : Canonical(text.StartsWith('/') ? text : Escaped(workingDirectory).TrimEnd('/') + "/" + text);
    }

    /// <summary>Makes the literal beginning of an absolute pattern canonical; what is not absolute is left for the policy to refuse.</summary>
    public string Canonical(string pattern)
    {
        if (!pattern.StartsWith('/'))
        {
            return pattern;
        }

        var glob = pattern.AsSpan().IndexOfAny(Wildcards);
        if (glob < 0)
        {
            return Escaped(canonical(pattern));
        }

        var slash = pattern.LastIndexOf('/', glob);
        return Escaped(canonical(slash == 0 ? "/" : pattern[..slash])).TrimEnd('/') + pattern[slash..];
    }

    /// <summary>The pattern that means exactly this path.</summary>
    public static string Escaped(string path) =>
        path.AsSpan().IndexOfAny(Wildcards) < 0 ? path : string.Concat(path.Select(static c => Wildcards.Contains(c) ? "\\" + c : c.ToString()));

    private void RefuseUnexpandedHome(string option, string text)
    {
        // bash leaves the ~ of --deny-read=~/.ssh alone. As a regex that is just /.ssh: a denial that denies nothing.
        if (home is not null && text.StartsWith("~/", StringComparison.Ordinal) && text.IndexOfAny(['*', '\\', '[', '(', '|', '+', '?', '$', '^', '{']) < 0
            && (Path.Exists(home + text[1..]) || !Path.Exists(text[1..])))
        {
            throw new UsageException(
                $"{option} {text}: a leading ~ makes this a regular expression, which matches {text[1..]} only; for your home directory write {home}{text[1..]}");
        }
    }
}
