using Catbox.Policy.Rules;

namespace Catbox.Policy.Files;

/// <summary>
/// Policies as files. Both formats have the same keys (<c>docs/policy.schema.json</c>). Only text is taken: reading the file is the caller's.
/// </summary>
/// <remarks>
/// <c>${NAME}</c> in a path pattern stands for a variable that the caller gives (<c>${HOME}</c>); its value is taken literally, also inside a glob or
/// regex. A pattern that begins with <c>~</c> is a regex, always: <c>~/.ssh</c> is not a path in the home directory (and is refused, since it is hardly
/// ever meant); write <c>${HOME}/.ssh</c>.
/// </remarks>
public static class PolicyFile
{
    /// <summary>Reads a policy from the text of a file.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="variables">What <c>${NAME}</c> may stand for; nothing when null.</param>
    /// <exception cref="PolicyException">
    /// The text is not valid in its format, has an unknown key, a value of the wrong type, or a pattern, address or port that is not valid.
    /// The message begins with <c>file:line:</c>.
    /// </exception>
    public static SandboxPolicy Parse(
        string text, string fileName, PolicyFileFormat format, IReadOnlyDictionary<string, string>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        if (text.StartsWith('\ufeff'))
        {
            text = text[1..];
        }

        var root = format == PolicyFileFormat.Json ? JsonPolicyReader.Read(text, fileName) : TomlPolicyReader.Read(text, fileName);
        return new PolicyBinder(fileName, variables ?? new Dictionary<string, string>()).Bind(root);
    }

    /// <summary>The format that a file's name tells: <c>.toml</c> or <c>.json</c>.</summary>
    /// <exception cref="PolicyException">The name ends otherwise.</exception>
    public static PolicyFileFormat FormatOf(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return fileName.EndsWith(".toml", StringComparison.OrdinalIgnoreCase) ? PolicyFileFormat.Toml
            : fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? PolicyFileFormat.Json
            : throw new PolicyException("a policy file is named .toml or .json, so that its format is known", fileName);
    }
}
