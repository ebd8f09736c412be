using Catbox.Runtime;

namespace Catbox.Host.Parsing;

/// <summary>
/// The arguments as the bytes that execve gave. .NET decodes argv as UTF-8 and puts U+FFFD for what is not, so a name in another encoding is
/// read again from <c>/proc/self/cmdline</c> (proc_pid_cmdline(5)); arguments without U+FFFD came through unharmed.
/// </summary>
internal static class RawArguments
{
    private const char Replacement = '\uFFFD';
    private const string CommandLineFile = "/proc/self/cmdline";

    /// <summary>The bytes of every argument.</summary>
    /// <exception cref="UsageException">An argument is not UTF-8 and its bytes cannot be had.</exception>
    public static IReadOnlyList<GuestString> Of(IReadOnlyList<string> arguments) =>
        Of(arguments, static () => File.ReadAllBytes(CommandLineFile));

    /// <summary>The same, with the file's content from elsewhere; it is asked for only when needed.</summary>
    public static IReadOnlyList<GuestString> Of(IReadOnlyList<string> arguments, Func<byte[]> readCommandLine)
    {
        if (!arguments.Any(static a => a.Contains(Replacement, StringComparison.Ordinal)))
        {
            return [.. arguments.Select(GuestString.FromString)];
        }

        List<GuestString> all;
        try
        {
            all = Split(readCommandLine());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"an argument is not UTF-8, and its bytes cannot be read from {CommandLineFile}: {e.Message}");
        }

        // Matched from the end: what stands in front differs (a single file has its own name there, `dotnet catbox.dll` two).
        var raw = all.Count < arguments.Count ? [] : all[^arguments.Count..];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (raw.Count == 0 || Collapsed(raw[i].ToString()) != Collapsed(arguments[i]))
            {
                throw new UsageException($"an argument is not UTF-8, and {CommandLineFile} does not show it as it was given");
            }
        }

        return raw;
    }

    /// <summary>Whether bytes are UTF-8.</summary>
    public static bool IsUtf8(GuestString argument) => System.Text.Unicode.Utf8.IsValid(argument.Bytes);

    /// <summary>CoreCLR's start puts fewer U+FFFD than <see cref="System.Text.Encoding.UTF8"/> for some sequences (encoded surrogates).</summary>
    private static string Collapsed(string text)
    {
        while (text.Contains("\uFFFD\uFFFD", StringComparison.Ordinal))
        {
            text = text.Replace("\uFFFD\uFFFD", "\uFFFD", StringComparison.Ordinal);
        }

        return text;
    }

    private static List<GuestString> Split(ReadOnlySpan<byte> commandLine)
    {
        var all = new List<GuestString>();
        while (!commandLine.IsEmpty)
        {
            var end = commandLine.IndexOf((byte)0);
            end = end < 0 ? commandLine.Length : end;
            all.Add(new GuestString(commandLine[..end]));
            commandLine = commandLine[Math.Min(end + 1, commandLine.Length)..];
        }

        return all;
    }
}
