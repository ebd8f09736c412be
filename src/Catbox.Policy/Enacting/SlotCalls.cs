using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;

namespace Catbox.Policy.Enacting;

/// <summary>The calls whose judged arguments go to a sealed slot.</summary>
public static class SlotCalls
{
    /// <summary>Whether this one does.</summary>
    public static bool Includes(SyscallRequest request, Judgement judgement) => false;
}
