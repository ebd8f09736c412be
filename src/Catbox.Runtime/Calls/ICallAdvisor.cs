using Catbox.Policy.Judging;

namespace Catbox.Runtime.Calls;

/// <summary>
/// Somebody who is asked before a judged call is made, and answers when it likes. It can refuse what the rules allow, and cannot allow what they refuse.
/// </summary>
internal interface ICallAdvisor
{
    /// <summary>
    /// Asks. It is called on the tracer thread and must not wait: all sessions of the loop would wait with it. What it throws kills the session.
    /// </summary>
    /// <param name="question">The call.</param>
    /// <param name="answer">
    /// Takes the advice, once, on any thread. <see cref="VerdictKind.Continue"/> leaves the call to the rules, which judge it again by what is there then. Advice that comes after
    /// the deadline, or when the guest has gone, is dropped.
    /// </param>
    void Ask(CallQuestion question, Action<Verdict> answer);
}
