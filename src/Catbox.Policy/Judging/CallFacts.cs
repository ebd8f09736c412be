using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;

namespace Catbox.Policy.Judging;

/// <summary>What a <see cref="KernelCheck"/> looks at.</summary>
internal readonly ref struct CallFacts(SyscallRequest request, ITraceeMemory memory, IPathResolver paths, ITraceeTree tree, ResolvedPath room)
{
    public SyscallRequest Request { get; } = request;
    public ITraceeMemory Memory { get; } = memory;
    public IPathResolver Paths { get; } = paths;
    public ITraceeTree Tree { get; } = tree;

    /// <summary>Where a path or descriptor is resolved to.</summary>
    public ResolvedPath Room { get; } = room;

    public ulong Register(int index) => Request.Args[index];

    public int Int(int index) => KernelBits.Int(Request.Args[index]);
}
