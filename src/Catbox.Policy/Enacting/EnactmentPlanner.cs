using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;

namespace Catbox.Policy.Enacting;

/// <summary>Chooses how an allowed call is made. Pure: a function of the decoded call and what was found out about it.</summary>
internal static class EnactmentPlanner
{
    /// <summary>The way of one call.</summary>
    /// <param name="request">The decoded call.</param>
    /// <param name="judgement">Its judgement, with <see cref="VerdictKind.Continue"/>.</param>
    public static EnactmentKind Of(SyscallRequest request, Judgement judgement)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(judgement);
        if (judgement.IsViolation || judgement.IsNotOfPolicy)
        {
            // Let through under collect-only, or seen by others than the policy: there is nothing to hold it to.
            return EnactmentKind.AsItStands;
        }

        if (SlotCalls.Includes(request, judgement))
        {
            return EnactmentKind.Slot;
        }

        if (BehalfCalls.Includes(request, judgement))
        {
            return EnactmentKind.OnBehalf;
        }

        return SlotCalls.HasStrings(request) ? EnactmentKind.Slot : EnactmentKind.AsItStands;
    }
}
