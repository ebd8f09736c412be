using System.Text;
using System.Text.RegularExpressions;
using Catbox.Policy.Rules;

namespace Catbox.Policy.Files;

/// <summary><c>${NAME}</c> in path patterns.</summary>
internal static class PatternVariables
{
    /// <summary>Puts in what the variables stand for, escaped so that it means itself in the glob or regex around it.</summary>
    /// <exception cref="PolicyException">A variable is not known, empty, not ended, or stands at the beginning and is no absolute path.</exception>
    public static string Expand(string pattern, IReadOnlyDictionary<string, string> variables)
    {
        var isRegex = pattern.StartsWith('~');
        var result = new StringBuilder();
        var at = 0;
        for (var start = pattern.IndexOf("${", StringComparison.Ordinal); start >= 0; start = pattern.IndexOf("${", at, StringComparison.Ordinal))
        {
            result.Append(pattern, at, start - at);
            var end = pattern.IndexOf('}', start);
            if (end < 0)
            {
                throw new PolicyException($"path \"{pattern}\" has ${{ without }}");
            }

            var name = pattern[(start + 2)..end];
            if (!variables.TryGetValue(name, out var value) || value.Length == 0)
            {
                throw new PolicyException($"path \"{pattern}\" uses the variable {name}, which is not set"
                    + (variables.Count == 0 ? "" : "; known are " + string.Join(", ", variables.Keys.Order(StringComparer.Ordinal))));
            }

            if (!value.StartsWith('/') && (start == 0 || (isRegex && start == 1)))
            {
                // It must not turn the pattern into a relative path, or a path into a regex.
                throw new PolicyException($"path \"{pattern}\" begins with the variable {name}, which is \"{value}\" and no absolute path");
            }

            result.Append(isRegex ? Regex.Escape(value) : PathPattern.Escape(value));
            at = end + 1;
        }

        return result.Append(pattern, at, pattern.Length - at).ToString();
    }
}
