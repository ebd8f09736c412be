namespace Catbox.Host.Parsing;

/// <summary>An environment setting: <c>NAME=VALUE</c> sets, <c>NAME</c> alone takes away.</summary>
internal static class EnvironmentText
{
    /// <summary>Parses one; the value is null where the variable is taken away.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    public static KeyValuePair<string, string?> Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals == 0)
        {
            throw new UsageException($"--env {text}: a name comes before the '='");
        }

        return equals < 0 ? new(text, null) : new(text[..equals], text[(equals + 1)..]);
    }
}
