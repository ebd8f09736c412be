using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>Where file systems are mounted whose server may not answer (<see cref="LocalFileSystems"/>): whoever looks at or below such a place may wait for ever.</summary>
/// <remarks>
/// Learned anew at each launch: guests mount nothing. Mounts below /proc and /sys are left out; the one that there is on most machines, the trigger of binfmt_misc, waits
/// for the init process alone.
/// </remarks>
internal sealed class FarMounts
{
    private byte[][] _points = [];
    private byte[][] _procFs = [];

    /// <summary>
    /// A call on behalf is late, and may hold a directory of any file system: for the time being whoever looks anywhere may have to wait. Nothing becomes another's server by it.
    /// </summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether there is a place that cannot be looked at without waiting.</summary>
    public bool Any => IsBusy || _points.Length > 0;

    /// <summary>Takes what is mounted now.</summary>
    public void Learn(List<Mountinfo.Mount> mounts)
    {
        _procFs = [.. mounts.Where(static mount => mount.Type == "proc").Select(static mount => mount.Point)];
        _points =
        [
            .. mounts.Where(static mount => !LocalFileSystems.IsLocalType(mount.Type)).Select(static mount => mount.Point)
                .Where(static point => !PathSyntax.IsAtOrBelow(point, "/proc"u8) && !PathSyntax.IsAtOrBelow(point, "/sys"u8)),
        ];
    }

    /// <summary>Whether a canonical path is one of these places, or below one.</summary>
    public bool Hold(ReadOnlySpan<byte> canonical) => IsAtOrBelowAny(canonical, _points);

    /// <summary>Whether looking at an entry of a directory may mean to wait; with no name, at the directory.</summary>
    public bool Hold(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        if (IsBusy)
        {
            return true;
        }

        foreach (var point in _points)
        {
            if (PathSyntax.IsAtOrBelow(directory, point) || IsEntry(point, directory, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a canonical path lies on a procfs, by the text alone.</summary>
    public bool HoldProcFs(ReadOnlySpan<byte> canonical) => IsAtOrBelowAny(canonical, _procFs);

    private static bool IsAtOrBelowAny(ReadOnlySpan<byte> canonical, byte[][] points)
    {
        foreach (var point in points)
        {
            if (PathSyntax.IsAtOrBelow(canonical, point))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEntry(ReadOnlySpan<byte> point, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        var slash = point.LastIndexOf(PathSyntax.Slash);
        return point[(slash + 1)..].SequenceEqual(name) && point[..Math.Max(slash, 1)].SequenceEqual(directory);
    }
}
