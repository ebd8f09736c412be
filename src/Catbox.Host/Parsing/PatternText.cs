using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Catbox.Policy.Paths;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Parsing;

/// <summary>
/// Path patterns as people write them, made into what a policy takes: absolute, and canonical as far as they are literal, because the engine
/// judges canonical paths (a policy on <c>/var/run</c> would never match where that is a link to <c>/run</c>). They come as bytes; those that are not UTF-8 become <c>\xNN</c>.
/// </summary>
/// <param name="home">The home directory, to recognise a <c>~/</c> that no shell expanded.</param>
/// <param name="pathOf">Makes a relative path one that the kernel can take.</param>
/// <param name="canonical">Resolves a path's links, and makes it absolute; a part that does not exist is kept as it is.</param>
internal sealed class PatternText(string? home, Func<byte[], byte[]> pathOf, Func<byte[], byte[]> canonical)
{
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("*?[]{}\\"u8);

    /// <summary>Makes a pattern from a command line absolute.</summary>
    /// <exception cref="UsageException">It looks like something else than it would be, or the working directory cannot be told.</exception>
    public string FromCommandLine(string option, ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("~"u8))
        {
            var regex = Text(text);
            RefuseUnexpandedHome(option, regex);
            return regex;
        }

        // A name that is there is meant by its name, whatever characters it has.
        var path = pathOf(text.ToArray());
        try
        {
            return text.ContainsAny(Wildcards) && HostFiles.KindOf(path) != FileKind.Unknown ? Escaped(canonical(path)) : Absolute(text);
        }
        catch (UsageException e)
        {
            throw new UsageException($"{option} {e.Message}");
        }
    }

    /// <summary>Makes the literal beginning of a pattern of a file canonical; what is not absolute is left for the policy to refuse.</summary>
    public string Canonical(string pattern) => pattern.StartsWith('/') ? Absolute(Encoding.UTF8.GetBytes(pattern)) : pattern;

    /// <summary>The pattern that means exactly this path.</summary>
    public static string Escaped(ReadOnlySpan<byte> path)
    {
        var pattern = new List<byte>(path.Length);
        foreach (var b in path)
        {
            if (Wildcards.Contains(b))
            {
                pattern.Add((byte)'\\');
            }

            pattern.Add(b);
        }

        return Text([.. pattern]);
    }

    /// <summary>Bytes as the text of a pattern: those that are not UTF-8 are escaped.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in bytes[..consumed])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
                }
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    private string Absolute(ReadOnlySpan<byte> pattern)
    {
        var glob = pattern.IndexOfAny(Wildcards);
        if (glob < 0)
        {
            return Escaped(canonical(pathOf(pattern.ToArray())));
        }

        var slash = pattern[..glob].LastIndexOf((byte)'/');
        var beginning = slash < 0 ? "."u8 : slash == 0 ? "/"u8 : pattern[..slash];
        return Escaped(canonical(pathOf(beginning.ToArray()))).TrimEnd('/') + "/" + Text(pattern[(slash + 1)..]);
    }

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
