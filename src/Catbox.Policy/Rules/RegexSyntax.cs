using System.Globalization;
using System.Text;

namespace Catbox.Policy.Rules;

/// <summary>
/// Rewrites a user's regex so that it can be matched against bytes (each byte one char): what is written literally becomes its UTF-8 bytes, so
/// <c>é*</c> repeats the character; <c>.</c> and <c>[^…]</c> match one byte, newlines included; <c>\xNN</c> is a byte and <c>\uNNNN</c> a character;
/// <c>\w</c>, <c>\d</c> and <c>\s</c> are ASCII. Refused, since they mean nothing on bytes: <c>\p</c>, <c>\b</c>, ranges and excluded sets with
/// characters beyond ASCII, <c>(?i)</c> together with bytes beyond ASCII; and <c>(?x)</c>, class subtraction and named classes.
/// </summary>
internal static class RegexSyntax
{
    /// <summary>The rewritten regex, not anchored.</summary>
    /// <param name="Regex">For the .NET engine.</param>
    /// <param name="Beginning">The bytes that every match begins with.</param>
    /// <param name="IsLiteral">Nothing follows the beginning.</param>
    public readonly record struct Result(string Regex, byte[] Beginning, bool IsLiteral);

    /// <summary>Rewrites.</summary>
    /// <exception cref="PolicyException">It uses what is refused here. What is no regex at all is left to the engine to refuse.</exception>
    public static Result Translate(string source, string text, string what)
    {
        var parser = new Parser(source, text, what);
        return parser.Run();
    }

    private sealed class Parser(string source, string text, string what)
    {
        private readonly StringBuilder _regex = new();
        private readonly List<byte> _beginning = [];
        private bool _literal = true;
        private int _lastAtom;
        private int _at;
        private int _depth;
        private bool _beyondAscii;
        private bool _ignoresCase;

        public Result Run()
        {
            while (_at < source.Length)
            {
                Next();
            }

            if (_ignoresCase && _beyondAscii)
            {
                throw Bad("uses (?i) together with characters beyond ASCII, whose case is not known on bytes");
            }

            return new Result(_regex.ToString(), [.. _beginning], _literal);
        }

        private void Next()
        {
            var c = source[_at];
            switch (c)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    _depth++;
                    Options();
                    Meta(1);
                    break;
                case ')':
                    _depth--;
                    Meta(1);
                    break;
                case '|' when _depth <= 0:
                    // Each alternative begins anew: nothing is common to all matches.
                    _beginning.Clear();
                    Meta(1);
                    break;
                case '*' or '+' or '?' or '{':
                    if (_literal)
                    {
                        _beginning.RemoveRange(_beginning.Count - _lastAtom, _lastAtom);
                    }

                    Meta(1);
                    break;
                case '^' when _at == 0:
                    // Anchored anyway.
                    _regex.Append(c);
                    _at++;
                    break;
                case '.' or '^' or '$' or '|':
                    Meta(1);
                    break;
                default:
                    if (!Rune.TryGetRuneAt(source, _at, out var rune))
                    {
                        throw Bad("contains half of a surrogate pair; write bytes that are not UTF-8 as \\xNN");
                    }

                    Character(rune, escaped: false);
                    _at += rune.Utf16SequenceLength;
                    break;
            }
        }

        private void Escape()
        {
            if (_at + 1 == source.Length)
            {
                throw Bad("ends with a backslash; write \\\\ for the character itself");
            }

            var c = source[_at + 1];
            if (TryNumber(_at, out var value, out var length))
            {
                if (c == 'x')
                {
                    Bytes([(byte)value], group: false);
                }
                else
                {
                    Character(Character(value), escaped: true);
                }

                _at += length;
            }
            else if (Shorthand(c) is { } members)
            {
                _regex.Append('[').Append(members).Append(']');
                _literal = false;
                _at += 2;
            }
            else if (c is 'b' or 'B' or 'p' or 'P')
            {
                throw Bad($"uses \\{c}, which means nothing on bytes: write the characters, as in [A-Za-z]");
            }
            else if (char.IsAsciiLetterOrDigit(c))
            {
                Meta(2);
            }
            else if (Rune.TryGetRuneAt(source, _at + 1, out var rune))
            {
                Character(rune, escaped: true);
                _at += 1 + rune.Utf16SequenceLength;
            }
            else
            {
                throw Bad("contains half of a surrogate pair");
            }
        }

        private void Class()
        {
            var end = _at + 1;
            var negated = end < source.Length && source[end] == '^';
            end += negated ? 1 : 0;
            var start = end;
            var members = new StringBuilder();
            var others = new List<Rune>();
            while (end < source.Length && (source[end] != ']' || end == start))
            {
                if (source[end] == '[' && end + 1 < source.Length && source[end + 1] == ':')
                {
                    throw Bad("uses a named class, which regexes do not have here: write the range, as in [a-z]");
                }

                if (source[end] == '[' && end > start && source[end - 1] == '-')
                {
                    throw Bad("subtracts one class from another, which is not supported: write the set that is meant");
                }

                Member(ref end, start, members, others);
            }

            if (end >= source.Length)
            {
                throw Bad("is not a valid regex: [ without ]");
            }

            _at = end + 1;
            _literal = false;
            if (others.Count == 0)
            {
                _regex.Append('[').Append(negated ? "^" : "").Append(members).Append(']');
                return;
            }

            if (negated)
            {
                throw Bad("has a character beyond ASCII in [^...]; only ASCII and bytes (\\xNN) can be excluded");
            }

            _beyondAscii = true;
            _regex.Append("(?:");
            if (members.Length > 0)
            {
                _regex.Append('[').Append(members).Append("]|");
            }

            _regex.AppendJoin('|', others.Select(rune => Hex(Utf8(rune)))).Append(')');
        }

        private void Member(ref int end, int start, StringBuilder members, List<Rune> others)
        {
            Rune rune;
            var begin = end;
            if (source[end] == '\\' && end + 1 < source.Length)
            {
                var c = source[end + 1];
                if (TryNumber(end, out var value, out var length))
                {
                    end += length;
                    if (c == 'x')
                    {
                        _beyondAscii |= value > 0x7f;
                        members.Append(CultureInfo.InvariantCulture, $@"\x{value:x2}");
                        return;
                    }

                    rune = Character(value);
                }
                else if (Shorthand(c) is { } shorthand)
                {
                    members.Append(shorthand);
                    end += 2;
                    return;
                }
                else if (c is 'p' or 'P')
                {
                    throw Bad($"uses \\{c}, which means nothing on bytes: write the characters, as in [A-Za-z]");
                }
                else if (c <= 0x7f)
                {
                    members.Append('\\').Append(c);
                    end += 2;
                    return;
                }
                else if (Rune.TryGetRuneAt(source, end + 1, out rune))
                {
                    end += 1 + rune.Utf16SequenceLength;
                }
                else
                {
                    throw Bad("contains half of a surrogate pair");
                }
            }
            else if (Rune.TryGetRuneAt(source, end, out rune))
            {
                end += rune.Utf16SequenceLength;
            }
            else
            {
                throw Bad("contains half of a surrogate pair");
            }

            if (rune.IsAscii)
            {
                members.Append(source[begin] == '\\' ? Hex([(byte)rune.Value]) : rune.ToString());
                return;
            }

            var after = end + 1 < source.Length && source[end] == '-' && source[end + 1] != ']';
            if (after || (begin > start + 1 && source[begin - 1] == '-'))
            {
                throw Bad("has a range with a character beyond ASCII in [...]: list the characters");
            }

            others.Add(rune);
        }

        /// <summary>Looks at <c>(?…</c>: which options it sets.</summary>
        private void Options()
        {
            for (var i = _at + 2; _at + 1 < source.Length && source[_at + 1] == '?' && i < source.Length; i++)
            {
                var c = source[i];
                if (c == '#')
                {
                    throw Bad("has a comment (?#...), which is not supported");
                }

                if (c == '-')
                {
                    return;
                }

                if (c is not ('i' or 'm' or 'n' or 's' or 'x'))
                {
                    return;
                }

                if (c == 'x')
                {
                    throw Bad("uses (?x), which is not supported");
                }

                _ignoresCase |= c == 'i';
            }
        }

        /// <summary><c>\xNN</c> or <c>\uNNNN</c>.</summary>
        private bool TryNumber(int at, out int value, out int length)
        {
            length = source[at + 1] switch { 'x' => 4, 'u' => 6, _ => 0 };
            value = 0;
            return length > 0 && at + length <= source.Length
                && int.TryParse(source.AsSpan(at + 2, length - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        private Rune Character(int value) => Rune.TryCreate(value, out var rune)
            ? rune
            : throw Bad("contains half of a surrogate pair; write bytes that are not UTF-8 as \\xNN");

        private void Character(Rune rune, bool escaped)
        {
            if (!rune.IsAscii)
            {
                Bytes(Utf8(rune), group: true);
            }
            else if (escaped)
            {
                Bytes([(byte)rune.Value], group: false);
            }
            else
            {
                _regex.Append((char)rune.Value);
                Atom([(byte)rune.Value]);
            }
        }

        private void Bytes(ReadOnlySpan<byte> bytes, bool group)
        {
            _regex.Append(group ? "(?:" : "").Append(Hex(bytes)).Append(group ? ")" : "");
            _beyondAscii |= bytes[0] > 0x7f;
            Atom(bytes);
        }

        private void Atom(ReadOnlySpan<byte> bytes)
        {
            if (_literal)
            {
                _beginning.AddRange(bytes);
                _lastAtom = bytes.Length;
            }
        }

        private void Meta(int length)
        {
            _regex.Append(source, _at, length);
            _at += length;
            _literal = false;
        }

        private PolicyException Bad(string reason) => PathPattern.Bad(what, text, reason);

        private static string? Shorthand(char c) => c switch
        {
            'w' => "A-Za-z0-9_",
            'd' => "0-9",
            's' => @"\x09-\x0d\x20",
            'W' => @"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xff",
            'D' => @"\x00-\x2f\x3a-\xff",
            'S' => @"\x00-\x08\x0e-\x1f\x21-\xff",
            _ => null,
        };

        private static byte[] Utf8(Rune rune)
        {
            var bytes = new byte[rune.Utf8SequenceLength];
            rune.EncodeToUtf8(bytes);
            return bytes;
        }

        private static string Hex(ReadOnlySpan<byte> bytes)
        {
            var hex = new StringBuilder(bytes.Length * 4);
            foreach (var b in bytes)
            {
                hex.Append(CultureInfo.InvariantCulture, $@"\x{b:x2}");
            }

            return hex.ToString();
        }
    }
}
