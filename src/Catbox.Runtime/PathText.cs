using System.Buffers;
using System.Globalization;
using System.Text;

namespace Catbox.Runtime;

/// <summary>Bytes of a path as text that is safe on a terminal and can be told back: what is not printable UTF-8 becomes <c>\xNN</c>.</summary>
public static class PathText
{
    /// <summary>Escapes control characters (C0, DEL, C1, line separators, bidi overrides), backslashes and invalid UTF-8.</summary>
    public static string Escape(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(path, out var rune, out var consumed);
            if (status == OperationStatus.Done && rune.Value != '\\' && IsPrintable(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in path[..consumed])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
                }
            }

            path = path[consumed..];
        }

        return text.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
