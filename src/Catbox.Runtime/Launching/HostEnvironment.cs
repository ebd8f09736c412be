using System.Collections;
using System.Collections.Immutable;
using System.Text;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <summary>
/// What a guest inherits: the environment of this process, byte for byte, with what the program has changed in it by .NET. There are three of them.
/// The C library's (<see cref="Environ"/>) is what a child of any other program would get. .NET works on a copy of its own, made from that one at
/// the start, as UTF-16: <see cref="Environment.SetEnvironmentVariable(string, string?)"/> is seen there alone, and a value that is not UTF-8 is lost
/// there. <c>/proc/self/environ</c> is what execve brought, for ever: too old to be handed down, and just right to tell what of .NET's is a change.
/// </summary>
/// <remarks>
/// Ideas that failed. .NET's copy alone: loses bytes, duplicates and entries that are no <c>NAME=VALUE</c>. The C library's alone: a host that sets a
/// variable the way every .NET program does would not see it in its guests, as it does in children of <c>Process</c>. <c>/proc/self/environ</c> in place
/// of the C library's: misses setenv(3) of a native library. Two of the three, without what execve brought: where .NET and the C library differ, it
/// cannot be told who has changed it.
/// </remarks>
internal static class HostEnvironment
{
    private const string InitialFile = "/proc/self/environ";

    /// <summary>The entries that a child inherits now.</summary>
    public static ImmutableArray<GuestString> Read()
    {
        var initial = ReadInitial();
        var managed = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(static entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""));
        return Merge(Environ.TryRead(out var current) ? current : initial, initial, managed);
    }

    /// <summary>
    /// The C library's entries, but for those that .NET has changed or taken away; and after them what .NET has changed or added. Entries without a
    /// name before a <c>=</c>, which no variable is, and repeated names are kept as they are.
    /// </summary>
    /// <param name="current">The C library's.</param>
    /// <param name="initial">Those that execve brought; empty where that cannot be told.</param>
    /// <param name="managed">.NET's.</param>
    public static ImmutableArray<GuestString> Merge(
        IReadOnlyList<GuestString> current, IReadOnlyList<GuestString> initial, IEnumerable<KeyValuePair<string, string>> managed)
    {
        // A value of .NET's is its own where neither of the others would be shown as it.
        var known = current.Concat(initial).Where(static entry => NameLength(entry) > 0).ToLookup(Name, Value);
        var all = managed.ToLookup(static variable => Collapsed(variable.Key));
        var changed = all.SelectMany(static group => group)
            .Where(variable => !known[Collapsed(variable.Key)].Contains(Collapsed(variable.Value))).ToList();
        var changedNames = changed.Select(static variable => Collapsed(variable.Key)).ToHashSet();

        // What .NET does not have, and must have had. CoreCLR reads its copy up to the first entry that is empty.
        var taken = initial.TakeWhile(static entry => !entry.Bytes.IsEmpty).Where(static entry => NameLength(entry) > 0)
            .Select(Name).Where(name => !all.Contains(name)).ToHashSet();

        return
        [
            .. current.Where(entry => NameLength(entry) <= 0 || !(changedNames.Contains(Name(entry)) || taken.Contains(Name(entry)))),
            .. changed.Select(static variable => (GuestString)$"{variable.Key}={variable.Value}"),
        ];
    }

    /// <summary>Where the <c>=</c> is that ends the name: 0 or -1 where there is no name.</summary>
    public static int NameLength(GuestString entry) => entry.Bytes.IndexOf((byte)'=');

    private static string Name(GuestString entry) => Collapsed(Encoding.UTF8.GetString(entry.Bytes[..NameLength(entry)]));

    private static string Value(GuestString entry) => Collapsed(Encoding.UTF8.GetString(entry.Bytes[(NameLength(entry) + 1)..]));

    /// <summary>How many U+FFFD stand for bytes that are not UTF-8 differs between CoreCLR's start, NativeAOT's and <see cref="Encoding.UTF8"/>.</summary>
    private static string Collapsed(string text)
    {
        while (text.Contains("\uFFFD\uFFFD", StringComparison.Ordinal))
        {
            text = text.Replace("\uFFFD\uFFFD", "\uFFFD", StringComparison.Ordinal);
        }

        return text;
    }

    private static List<GuestString> ReadInitial()
    {
        byte[] block;
        try
        {
            block = File.ReadAllBytes(InitialFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no /proc, or a host that is not dumpable and not root
        }

        var entries = new List<GuestString>();
        for (var rest = block.AsSpan(); !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)0);
            entries.Add(new GuestString(end < 0 ? rest : rest[..end]));
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return entries;
    }
}
