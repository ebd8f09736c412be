using Catbox.Policy;
using Catbox.Runtime.Calls;

namespace Catbox.Runtime.Tracing;

/// <summary>Refuses: a call that nobody can make in the guest's place is not made.</summary>
internal sealed class NoCallsOnBehalf : ICallsOnBehalf
{
    public static NoCallsOnBehalf Instance { get; } = new();

    /// <inheritdoc/>
    public BehalfOutcome Perform(GuestCall call, out long result)
    {
        result = -Errno.EPERM.Value;
        return BehalfOutcome.Done;
    }
}
