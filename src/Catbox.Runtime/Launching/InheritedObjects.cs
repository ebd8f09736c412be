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
            if (Files.StatDescriptor(streams[i] >= 0 ? streams[i] : i, out var device, out var inode, out var writable).IsSuccess)
            {
                objects.Add(new InheritedObject(device, inode, writable));
            }
        }

        return objects.ToImmutable();
    }

    /// <summary>Which of 0–2 the guest gets for writing.</summary>
    public static ImmutableArray<int> WritableStreams(ImmutableArray<int> streams) =>
    [
        .. Enumerable.Range(0, streams.Length).Where(i =>
            Files.StatDescriptor(streams[i] >= 0 ? streams[i] : i, out _, out _, out var writable).IsSuccess && writable),
    ];
}
