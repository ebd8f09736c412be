using Catbox.Runtime;

namespace Catbox.Host.Parsing;

/// <summary>An environment setting: <c>NAME=VALUE</c> sets, <c>NAME</c> alone takes away. Both are bytes.</summary>
internal static class EnvironmentText
{
    /// <summary>Parses one; the value is null where the variable is taken away.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    public static KeyValuePair<GuestString, GuestString?> Parse(ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        if (equals == 0)
        {
            throw new UsageException($"--env {PathText.Escape(text)}: a name comes before the '='");
        }

        return equals < 0 ? new(new(text), null) : new(new(text[..equals]), new GuestString(text[(equals + 1)..]));
    }
}
