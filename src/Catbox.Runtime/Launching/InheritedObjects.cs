using System.Collections.Immutable;
using Catbox.Policy.Judging;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <summary>What the guest gets as its descriptors 0–2, by device and inode: the judge lets it write there without asking.</summary>
internal static class InheritedObjects
{
    /// <summary>Looks at them.</summary>
    public static ImmutableArray<InheritedObject> Of(ImmutableArray<int> streams)
    {
        var objects = ImmutableArray.CreateBuilder<InheritedObject>();
        for (var i = 0; i < streams.Length; i++)
        {
            if (Look(streams, i, out var device, out var inode, out var writable))
            {
                objects.Add(new InheritedObject(device, inode, writable));
            }
        }

        return objects.ToImmutable();
    }

    /// <summary>Which of 0–2 the guest gets for writing.</summary>
    public static ImmutableArray<int> WritableStreams(ImmutableArray<int> streams) =>
    [
        .. Enumerable.Range(0, streams.Length).Where(i => Look(streams, i, out _, out _, out var writable) && writable),
    ];

    /// <summary>What stands at a number of the host's that was started without it is a file of the host's own, and no guest's.</summary>
    private static bool Look(ImmutableArray<int> streams, int number, out ulong device, out ulong inode, out bool writable)
    {
        (device, inode, writable) = (0, 0, false);
        return (streams[number] >= 0 || Io.IsInherited(number))
            && Files.StatDescriptor(streams[number] >= 0 ? streams[number] : number, out device, out inode, out writable).IsSuccess;
    }
}
