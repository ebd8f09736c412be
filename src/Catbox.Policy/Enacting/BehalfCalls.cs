using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;

namespace Catbox.Policy.Enacting;

/// <summary>The calls that the tracer makes in the guest's place.</summary>
public static class BehalfCalls
{
    /// <summary>Whether this one is.</summary>
    public static bool Includes(SyscallRequest request, Judgement judgement) => false;
}
