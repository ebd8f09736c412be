using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>Where file systems are mounted whose server may not answer (<see cref="LocalFileSystems"/>): whoever looks at or below such a place may wait for ever.</summary>
/// <remarks>
/// Learned from /proc/self/mountinfo (proc_pid_mountinfo(5)), anew at each launch: guests mount nothing. Mounts below /proc and /sys are left out; the one that there is on
/// most machines, the trigger of binfmt_misc, waits for the init process alone.
/// </remarks>
internal sealed class FarMounts
{
    private const int MountPoint = 4;

    private byte[][] _points = [];
    private byte[][] _procFs = [];

    /// <summary>Whether there is one at all.</summary>
    public bool Any => _points.Length > 0;

    /// <summary>Reads what is mounted now. What cannot be read leaves none.</summary>
    public void Learn()
    {
        try
        {
            Learn(File.ReadAllBytes("/proc/self/mountinfo"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Learn([]);
        }
    }

    /// <summary>Takes the text of a mountinfo.</summary>
    internal void Learn(ReadOnlySpan<byte> mountinfo)
    {
        var far = new List<byte[]>();
        var procFs = new List<byte[]>();
        foreach (var range in mountinfo.Split((byte)'\n'))
        {
            if (!TryParse(mountinfo[range], out var point, out var type))
            {
                continue;
            }

            if (type == "proc")
            {
                procFs.Add(point);
            }
            else if (!LocalFileSystems.IsLocalType(type) && !IsBelow("/proc"u8, point) && !IsBelow("/sys"u8, point))
            {
                far.Add(point);
            }
        }

        _points = [.. far];
        _procFs = [.. procFs];
    }

    /// <summary>Whether a canonical path is one of these places, or below one.</summary>
    public bool Hold(ReadOnlySpan<byte> canonical) => IsBelowAny(_points, canonical);

    /// <summary>Whether an entry of a directory is.</summary>
    public bool Hold(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        foreach (var point in _points)
        {
            if (IsBelow(point, directory) || IsEntry(point, directory, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a canonical path lies on a procfs, by the text alone.</summary>
    public bool HoldProcFs(ReadOnlySpan<byte> canonical) => IsBelowAny(_procFs, canonical);

    private static bool IsBelowAny(byte[][] points, ReadOnlySpan<byte> canonical)
    {
        foreach (var point in points)
        {
            if (IsBelow(point, canonical))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBelow(ReadOnlySpan<byte> point, ReadOnlySpan<byte> path) =>
        path.StartsWith(point) && (path.Length == point.Length || point.Length == 1 || path[point.Length] == PathSyntax.Slash);

    private static bool IsEntry(ReadOnlySpan<byte> point, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        var slash = point.LastIndexOf(PathSyntax.Slash);
        return point[(slash + 1)..].SequenceEqual(name) && point[..Math.Max(slash, 1)].SequenceEqual(directory);
    }

    /// <summary><c>36 35 98:0 /root /mount/point options optional-fields… - type source options</c>, with spaces and the like as octal numbers.</summary>
    private static bool TryParse(ReadOnlySpan<byte> line, out byte[] point, out string type)
    {
        point = [];
        type = "";
        var hyphen = line.IndexOf(" - "u8);
        if (hyphen < 0)
        {
            return false;
        }

        var at = 0;
        foreach (var range in line.Split((byte)' '))
        {
            if (at++ == MountPoint)
            {
                point = Unescape(line[range]);
                break;
            }
        }

        var rest = line[(hyphen + 3)..];
        var end = rest.IndexOf((byte)' ');
        type = System.Text.Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
        return point.Length > 0 && point[0] == PathSyntax.Slash;
    }

    /// <summary>mangle (fs/seq_file.c) writes blanks, line feeds and backslashes as <c>\ooo</c>.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\' && i + 3 < text.Length)
            {
                result.Add((byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                result.Add(text[i]);
            }
        }

        return [.. result];
    }
}
