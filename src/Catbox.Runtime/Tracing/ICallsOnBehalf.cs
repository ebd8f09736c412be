using Catbox.Runtime.Calls;

namespace Catbox.Runtime.Tracing;

/// <summary>Makes a judged call in the guest's place, on the objects that were judged and with the guest's credentials.</summary>
internal interface ICallsOnBehalf
{
    /// <summary>Makes the call.</summary>
    /// <param name="call">The call and its judgement. Where it takes longer, it is kept (<see cref="GuestCall.Keep"/>).</param>
    /// <param name="result">What the guest's call returns: a value, or a negated errno. Only with <see cref="BehalfOutcome.Done"/>.</param>
    BehalfOutcome Perform(GuestCall call, out long result);
}
