using System.Globalization;
using System.Text;
using Catbox.Policy.Paths;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>The mounts that the tracer sees, from <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal static class Mountinfo
{
    private const int MountPoint = 4;

    /// <summary>Reads what is mounted now; nothing where that cannot be read.</summary>
    public static List<Mount> Read()
    {
        try
        {
            return Parse(File.ReadAllBytes("/proc/self/mountinfo"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Lines that are none are left out.</summary>
    public static List<Mount> Parse(ReadOnlySpan<byte> text)
    {
        var mounts = new List<Mount>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (TryParse(text[range], out var mount))
            {
                mounts.Add(mount);
            }
        }

        return mounts;
    }

    /// <summary><c>36 35 98:0 /root /mount/point options optional-fields… - type source options</c>, with spaces and the like as octal numbers.</summary>
    private static bool TryParse(ReadOnlySpan<byte> line, out Mount mount)
    {
        mount = default;
        var hyphen = line.IndexOf(" - "u8);
        if (hyphen < 0 || !ulong.TryParse(line[..line.IndexOf((byte)' ')], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        byte[] point = [];
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
        mount = new Mount(id, point, Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]));
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

    /// <summary>One of them.</summary>
    /// <param name="Id">stx_mnt_id.</param>
    /// <param name="Point">Where it is, a canonical path.</param>
    /// <param name="Type">Of its file system.</param>
    internal readonly record struct Mount(ulong Id, byte[] Point, string Type);
}
