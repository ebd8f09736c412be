using System.Text;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>Values of options as they are typed: what a guest chose must stay one word and mean itself, in any POSIX shell and on any terminal.</summary>
internal static class ShellWord
{
    /// <summary>Quotes a word where it needs it.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || (c > 127 && char.IsLetter(c)) || "/._-+:@%,=".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    /// <summary>The pattern that means just these bytes: what is a wildcard is escaped, what cannot be typed is <c>\xNN</c>.</summary>
    public static string Pattern(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var c in PathText.Escape(bytes))
        {
            text.Append(c is '*' or '?' or '[' or ']' or '{' or '}' ? "\\" : "").Append(c);
        }

        return text.ToString();
    }
}
