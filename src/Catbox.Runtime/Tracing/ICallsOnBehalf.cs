using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.Tracing;

/// <summary>Makes a judged call in the guest's place, on the objects that were judged and with the guest's credentials.</summary>
internal interface ICallsOnBehalf
{
    /// <summary>Makes the call.</summary>
    /// <param name="request">The decoded call.</param>
    /// <param name="judgement">Its judgement: canonical paths.</param>
    /// <param name="result">What the guest's call returns: a value, or a negated errno. Only with <see cref="BehalfOutcome.Done"/>.</param>
    BehalfOutcome Perform(SyscallRequest request, Judgement judgement, out long result);
}
