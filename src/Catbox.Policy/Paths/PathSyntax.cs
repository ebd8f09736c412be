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
}
