using System.Text;
using System.Text.RegularExpressions;

namespace Catbox.Policy.Rules;

/// <summary>
/// One path pattern, compiled: a literal (it and everything below), a glob (what it matches and everything below that) or a regex (the whole path,
/// nothing below). Immutable; matching allocates nothing.
/// </summary>
internal sealed class PathPattern
{
    private readonly Regex? _regex;

    private PathPattern(string text, byte[] beginning, int depth, Regex? regex)
    {
        Text = text;
        Beginning = beginning;
        Depth = depth;
        _regex = regex;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>A literal: the path without a slash at its end, so "/" is empty. Others: the bytes that every match begins with.</summary>
    public byte[] Beginning { get; }

    /// <summary>Components of a literal; of a glob or regex the whole components of <see cref="Beginning"/>.</summary>
    public int Depth { get; }

    /// <summary>True for a path without wildcards.</summary>
    public bool IsLiteral => _regex is null;

    /// <summary>Compiles a pattern as a user writes it.</summary>
    /// <param name="text">An absolute path, a glob, or <c>~regex</c>.</param>
    /// <param name="what">What the pattern is for, for the message: <c>writable path</c>.</param>
    /// <exception cref="PolicyException">It is relative, contains NUL, or is no valid glob or regex.</exception>
    public static PathPattern Parse(string text, string what)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw Bad(what, text, "contains a NUL character, which no path can");
        }

        if (text.StartsWith('~'))
        {
            return ParseRegex(text, what);
        }

        RequireAbsolute(text, what);
        var glob = GlobSyntax.Translate(text, what);
        return glob.Regex is null
            ? new PathPattern(text, glob.Beginning, CountComponents(glob.Beginning), null)
            : new PathPattern(text, glob.Beginning, CountWholeComponents(glob.Beginning), Build(glob.Regex, text, what));
    }

    /// <summary>Compiles a path that is taken as it stands: no wildcard, no escape.</summary>
    /// <exception cref="PolicyException">It is relative or contains NUL or <c>..</c>.</exception>
    public static PathPattern Literal(string text, string what)
    {
        RequireAbsolute(text, what);
        return Parse(Escape(text), what);
    }

    /// <summary>A canonical path, whatever its bytes are.</summary>
    internal static PathPattern Literal(ReadOnlySpan<byte> canonical)
    {
        var beginning = canonical.Length == 1 ? [] : canonical.ToArray();
        return new PathPattern(Encoding.UTF8.GetString(canonical), beginning, CountComponents(beginning), null);
    }

    /// <summary>The pattern that means exactly this path: wildcards and backslashes are escaped.</summary>
    public static string Escape(string path)
    {
        var text = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c is '*' or '?' or '[' or '{' or '\\')
            {
                text.Append('\\');
            }

            text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Whether an absolute path without a slash at its end matches.</summary>
    /// <param name="path">The path's bytes.</param>
    /// <param name="wide">The same path, each byte as one char.</param>
    public bool IsMatch(ReadOnlySpan<byte> path, ReadOnlySpan<char> wide)
    {
        if (!path.StartsWith(Beginning))
        {
            return false;
        }

        return _regex is null
            ? path.Length == Beginning.Length || path[Beginning.Length] == (byte)'/'
            : _regex.IsMatch(wide);
    }

    /// <summary>The UTF-8 bytes of a piece of a pattern.</summary>
    internal static byte[] Encode(string piece, string text, string what)
    {
        try
        {
            return s_strictUtf8.GetBytes(piece);
        }
        catch (EncoderFallbackException)
        {
            throw Bad(what, text, "contains half of a surrogate pair; write bytes that are not UTF-8 as \\xNN");
        }
    }

    /// <summary>The exception for a pattern that is not valid.</summary>
    internal static PolicyException Bad(string what, string text, string reason) => new($"{what} \"{text}\" {reason}");

    private static readonly UTF8Encoding s_strictUtf8 = new(false, true);

    private static void RequireAbsolute(string text, string what)
    {
        if (text.Length == 0)
        {
            throw new PolicyException($"{what} is empty; write an absolute path, a glob or ~regex");
        }

        if (text[0] != '/')
        {
            throw Bad(what, text, "is relative; write an absolute path, a glob or ~regex");
        }
    }

    private static PathPattern ParseRegex(string text, string what)
    {
        var source = text[1..];
        if (source.Length == 0)
        {
            throw Bad(what, text, "is an empty regex and matches no path");
        }

        if (source.Length >= 3 && source.StartsWith("/.", StringComparison.Ordinal) && char.IsAsciiLetterOrDigit(source[2]))
        {
            throw Bad(what, text, $"is the regex {source}, not a path in the home directory: write ${{HOME}}{source} for that, or ~/[.]{source[2..]} for the regex");
        }

        var translated = RegexSyntax.Translate(source, text, what);
        // First alone: with the anchors around it, "a)|(?:b" would be valid and not anchored.
        _ = Build(translated.Regex, text, what);
        var regex = Build(@"\A(?:" + translated.Regex + @")\z", text, what);
        if (translated.Beginning.Length > 0 && translated.Beginning[0] != (byte)'/')
        {
            throw Bad(what, text, "matches no path: it is anchored at both ends, and a path begins with /");
        }

        var depth = translated.IsLiteral ? CountComponents(translated.Beginning) : CountWholeComponents(translated.Beginning);
        return new PathPattern(text, translated.Beginning, depth, regex);
    }

    private static Regex Build(string regex, string text, string what)
    {
        try
        {
            return new Regex(regex, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (NotSupportedException e)
        {
            throw Bad(what, text, "uses what the non-backtracking regex engine refuses (look-ahead, look-behind, back-references, atomic groups and "
                + $"conditions, so that no path can hang it; and patterns that grow too large): {e.Message}");
        }
        catch (ArgumentException e)
        {
            throw Bad(what, text, $"is not a valid regex: {e.Message}");
        }
    }

    private static int CountComponents(ReadOnlySpan<byte> path) => path.IsEmpty || path[^1] == (byte)'/' ? CountWholeComponents(path) : path.Count((byte)'/');

    private static int CountWholeComponents(ReadOnlySpan<byte> beginning) => Math.Max(0, beginning.Count((byte)'/') - 1);
}
