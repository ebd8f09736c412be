using System.Globalization;
using System.Text;

namespace Catbox.Policy.Rules;

/// <summary>
/// Globs as regexes over bytes. <c>*</c> matches within a component (also names with a dot), <c>**</c> across components (<c>/a/**/x</c> matches
/// <c>/a/x</c> too), <c>?</c> one character, <c>[a-z]</c> and <c>[!a-z]</c> one of a set, <c>{a,b}</c> alternatives. A backslash takes the meaning
/// from the next character; <c>\xNN</c> is a byte. What lies below a match counts as matched. A <c>?</c> is a UTF-8 character or, where the name is not
/// UTF-8, a byte.
/// </summary>
internal static class GlobSyntax
{
    private const string MultiByte = @"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]";

    /// <summary>Translates.</summary>
    /// <returns>The regex, anchored (null where the text has no wildcard), and the literal beginning (without a final slash where all is literal).</returns>
    public static (string? Regex, byte[] Beginning) Translate(string text, string what)
    {
        var parser = new Parser(Normalise(text, what), text, what, separator: true);
        parser.Run();
        return (parser.HasWildcard ? @"\A(?:" + parser.Regex + @")(?:/.*)?\z" : null, parser.Beginning);
    }

    /// <summary>Translates a name that has no components (an abstract socket's).</summary>
    public static (string? Regex, byte[] Beginning) TranslateName(string name, string text, string what)
    {
        var parser = new Parser(name, text, what, separator: false);
        parser.Run();
        return (parser.HasWildcard ? @"\A(?:" + parser.Regex + @")\z" : null, parser.Beginning);
    }

    /// <summary>Takes out empty components and <c>.</c>, and slashes at the end: <c>/a//b/</c> is <c>/a/b</c>, <c>/</c> is empty.</summary>
    private static string Normalise(string text, string what)
    {
        var result = new StringBuilder(text.Length);
        foreach (var component in text.Split('/'))
        {
            if (component == "..")
            {
                throw PathPattern.Bad(what, text, "contains \"..\"; write the path that is meant");
            }

            if (component.Length > 0 && component != ".")
            {
                result.Append('/').Append(component);
            }
        }

        return result.ToString();
    }

    private sealed class Parser(string source, string text, string what, bool separator)
    {
        private readonly StringBuilder _regex = new();
        private readonly List<byte> _beginning = [];
        private int _at;

        public bool HasWildcard { get; private set; }

        public string Regex => _regex.ToString();

        public byte[] Beginning => [.. _beginning];

        private string AnyByte => separator ? "[^/]" : ".";

        public void Run()
        {
            Sequence(0);
            if (_at < source.Length)
            {
                throw Bad("has a } without {; write \\} for the character itself");
            }
        }

        /// <summary>Until the end, or at a depth above 0 until the comma or brace that ends an alternative.</summary>
        private void Sequence(int depth)
        {
            while (_at < source.Length)
            {
                var c = source[_at];
                switch (c)
                {
                    case ',' or '}' when depth > 0:
                        return;
                    case '*':
                        Star();
                        break;
                    case '?':
                        _at++;
                        Wildcard(separator ? $@"(?:[^/\x80-\xff]|{MultiByte})" : $@"(?:[\x00-\x7f]|{MultiByte})");
                        break;
                    case '[':
                        Class();
                        break;
                    case '{':
                        Braces(depth);
                        break;
                    case '\\':
                        Escape();
                        break;
                    default:
                        var length = char.IsSurrogatePair(source, _at) ? 2 : 1;
                        Literal(PathPattern.Encode(source.Substring(_at, length), text, what));
                        _at += length;
                        break;
                }
            }
        }

        private void Star()
        {
            var start = _at;
            while (_at < source.Length && source[_at] == '*')
            {
                _at++;
            }

            var first = start > 0 && source[start - 1] == '/';
            var last = _at == source.Length || source[_at] == '/';
            if (_at - start == 1)
            {
                // A whole component is never empty, so /* does not match / itself.
                Wildcard(AnyByte + (first && last ? "+" : "*"));
            }
            else if (first && _at < source.Length && source[_at] == '/')
            {
                _at++;
                Wildcard("(?:.*/)?");
            }
            else
            {
                Wildcard(first && last ? ".+" : ".*");
            }
        }

        private void Braces(int depth)
        {
            if (depth == 16)
            {
                throw Bad("nests braces more than 16 deep");
            }

            var alternatives = 0;
            HasWildcard = true;
            _regex.Append("(?:");
            do
            {
                _regex.Append(alternatives++ > 0 ? "|" : "");
                _at++;
                Sequence(depth + 1);
            }
            while (_at < source.Length && source[_at] == ',');

            if (_at == source.Length)
            {
                throw Bad("is not a valid glob: { without }; write \\{ for the character itself");
            }

            if (alternatives == 1)
            {
                throw Bad("is not a valid glob: braces with a single alternative; write \\{ for the character itself");
            }

            _at++;
            _regex.Append(')');
        }

        private void Class()
        {
            var end = _at + 1;
            var negated = end < source.Length && source[end] is '!' or '^';
            end += negated ? 1 : 0;
            var members = new StringBuilder();
            var others = new List<string>();
            var previous = -1;
            for (var first = true; ; first = false)
            {
                if (end >= source.Length || source[end] == '/')
                {
                    throw Bad("is not a valid glob: [ without ]; write \\[ for the character itself");
                }

                if (source[end] == ']' && !first)
                {
                    break;
                }

                if (source[end] == '[' && end + 1 < source.Length && source[end + 1] == ':')
                {
                    throw Bad("uses a named class, which globs do not have here: write the range, as in [a-z]");
                }

                if (source[end] == '-' && previous >= 0 && end + 1 < source.Length && source[end + 1] != ']')
                {
                    end++;
                    var high = Member(ref end);
                    if (high > 0x7f || previous > 0x7f)
                    {
                        throw Bad("has a range with a character beyond ASCII in [...]: list the characters");
                    }

                    if (high < previous)
                    {
                        throw Bad("has a range that runs backwards in [...]");
                    }

                    members.Append(CultureInfo.InvariantCulture, $@"-\x{high:x2}");
                    previous = -1;
                    continue;
                }

                previous = Member(ref end);
                if (previous <= 0x7f)
                {
                    members.Append(CultureInfo.InvariantCulture, $@"\x{previous:x2}");
                }
                else if (negated)
                {
                    throw Bad("has a character beyond ASCII in [!...]; only ASCII can be excluded");
                }
                else
                {
                    others.Add(Hex(Encoding.UTF8.GetBytes(new Rune(previous).ToString())));
                }
            }

            _at = end + 1;
            if (negated)
            {
                Wildcard($@"(?:[^{members}{(separator ? "/" : "")}\x80-\xff]|{MultiByte})");
                return;
            }

            if (members.Length > 0)
            {
                // A range that spans the slash must not match it.
                others.Insert(0, "[" + (separator ? Without('/', members.ToString()) : members.ToString()) + "]");
            }

            Wildcard("(?:" + string.Join('|', others) + ")");
        }

        /// <summary>One member of a class, as a code point.</summary>
        private int Member(ref int at)
        {
            if (source[at] == '\\')
            {
                at++;
                if (at >= source.Length)
                {
                    throw Bad("ends with a backslash");
                }
            }

            if (!Rune.TryGetRuneAt(source, at, out var rune))
            {
                throw Bad("contains half of a surrogate pair");
            }

            at += rune.Utf16SequenceLength;
            return rune.Value;
        }

        private void Escape()
        {
            _at++;
            if (_at == source.Length)
            {
                throw Bad("ends with a backslash; write \\\\ for the character itself");
            }

            var c = source[_at];
            if (c == 'x' && _at + 2 < source.Length
                && byte.TryParse(source.AsSpan(_at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                if (separator && (value == 0 || value == (byte)'/'))
                {
                    throw Bad($"contains \\x{value:x2}, which no component of a path can contain");
                }

                Literal([value]);
                _at += 3;
                return;
            }

            if (char.IsAsciiLetterOrDigit(c) || c == '/')
            {
                throw Bad($"has an unknown escape \\{c}; write \\\\ for a backslash, \\xNN for a byte");
            }

            var length = char.IsSurrogatePair(source, _at) ? 2 : 1;
            Literal(PathPattern.Encode(source.Substring(_at, length), text, what));
            _at += length;
        }

        private void Literal(ReadOnlySpan<byte> bytes)
        {
            _regex.Append(Hex(bytes));
            if (!HasWildcard)
            {
                _beginning.AddRange(bytes);
            }
        }

        private void Wildcard(string regex)
        {
            HasWildcard = true;
            _regex.Append(regex);
        }

        private PolicyException Bad(string reason) => PathPattern.Bad(what, text, reason);

        private static string Hex(ReadOnlySpan<byte> bytes)
        {
            var hex = new StringBuilder(bytes.Length * 4);
            foreach (var b in bytes)
            {
                hex.Append(CultureInfo.InvariantCulture, $@"\x{b:x2}");
            }

            return hex.ToString();
        }

        /// <summary>Takes the slash out of a list of members and ranges, each written \xNN or \xNN-\xNN.</summary>
        private static string Without(char excluded, string members)
        {
            var result = new StringBuilder();
            for (var i = 0; i < members.Length;)
            {
                var low = Convert.ToByte(members.Substring(i + 2, 2), 16);
                var high = low;
                i += 4;
                if (i < members.Length && members[i] == '-')
                {
                    high = Convert.ToByte(members.Substring(i + 3, 2), 16);
                    i += 5;
                }

                if (low > excluded || high < excluded)
                {
                    Range(low, high);
                    continue;
                }

                if (low < excluded)
                {
                    Range(low, (byte)(excluded - 1));
                }

                if (high > excluded)
                {
                    Range((byte)(excluded + 1), high);
                }
            }

            return result.ToString();

            void Range(byte low, byte high) => result.Append(CultureInfo.InvariantCulture, $@"\x{low:x2}-\x{high:x2}");
        }
    }
}
