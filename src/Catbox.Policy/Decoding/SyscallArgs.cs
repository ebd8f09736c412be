using System.Runtime.CompilerServices;

namespace Catbox.Policy.Decoding;

/// <summary>The six argument registers of a call, as the kernel got them.</summary>
[InlineArray(6)]
internal struct SyscallArgs
{
    private ulong _first;
}
