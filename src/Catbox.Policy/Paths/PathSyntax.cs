namespace Catbox.Policy.Paths;

/// <summary>A path's bytes as the kernel reads them (link_path_walk in fs/namei.c): only <c>/</c>, <c>.</c> and <c>..</c> mean anything.</summary>
internal static class PathSyntax
{
    public const byte Slash = (byte)'/';

    /// <summary>Whether the path ends in a slash or in the component <c>.</c>: what it names must then be a directory.</summary>
    public static bool InsistsOnDirectory(ReadOnlySpan<byte> path) =>
        path.EndsWith("/"u8) || path.EndsWith("/."u8) || path.SequenceEqual("."u8);

    /// <summary>
    /// Splits at the last component: <paramref name="parent"/> is what precedes it, empty for a bare name, and keeps its slashes;
    /// <paramref name="trailing"/> tells whether slashes followed. <c>/</c> alone gives an empty <paramref name="last"/>.
    /// </summary>
    public static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> parent, out ReadOnlySpan<byte> last, out bool trailing)
    {
        var end = path.Length;
        while (end > 0 && path[end - 1] == Slash)
        {
            end--;
        }

        trailing = end < path.Length;
        var start = path[..end].LastIndexOf(Slash) + 1;
        parent = path[..start];
        last = path[start..end];
    }

    /// <summary>Whether an absolute directory path, slash at the end, is spelled canonically: without <c>//</c>, <c>/./</c> and <c>/../</c>.</summary>
    public static bool IsPlainDirectory(ReadOnlySpan<byte> parent) =>
        parent.IndexOf("//"u8) < 0 && parent.IndexOf("/./"u8) < 0 && parent.IndexOf("/../"u8) < 0;

    /// <summary>Whether a canonical path is a directory's or lies in it.</summary>
    public static bool IsAtOrBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory) =>
        path.StartsWith(directory) && (path.Length == directory.Length || directory.Length == 1 || path[directory.Length] == Slash);

    /// <summary>Whether a component is <c>.</c> or <c>..</c>.</summary>
    public static bool IsDots(ReadOnlySpan<byte> name) => name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);

    /// <summary>Whether the last component of a path is <c>.</c> or <c>..</c>, slashes behind it aside.</summary>
    public static bool EndsInDots(ReadOnlySpan<byte> path)
    {
        Split(path, out _, out var last, out _);
        return IsDots(last);
    }

    /// <summary>Whether a path has this component.</summary>
    public static bool HasComponent(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            var slash = path.IndexOf(Slash);
            if (path[..(slash < 0 ? path.Length : slash)].SequenceEqual(name))
            {
                return true;
            }

            if (slash < 0)
            {
                return false;
            }

            path = path[(slash + 1)..];
        }
    }

    /// <summary>Writes the path from one directory to an object, both canonical: as many <c>..</c> as it takes, then names. The same directory is <c>.</c>.</summary>
    /// <returns>False where it has no room.</returns>
    public static bool TryRelate(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> target, Span<byte> into, out int length)
    {
        directory = directory.TrimEnd(Slash);
        target = target.TrimEnd(Slash);
        var shared = directory.CommonPrefixLength(target);
        var isBoundary = (shared == directory.Length || directory[shared] == Slash) && (shared == target.Length || target[shared] == Slash);
        shared = isBoundary ? shared : directory[..shared].LastIndexOf(Slash);
        var names = target[Math.Min(shared + 1, target.Length)..];
        var up = directory[shared..].Count(Slash);
        length = 0;
        if ((3 * up) + names.Length > into.Length || into.IsEmpty)
        {
            return false;
        }

        for (; up > 0; up--)
        {
            "../"u8.CopyTo(into[length..]);
            length += 3;
        }

        names.CopyTo(into[length..]);
        length += names.Length;
        if (length == 0)
        {
            into[length++] = (byte)'.';
        }
        else if (into[length - 1] == Slash)
        {
            length--;
        }

        return true;
    }
}
