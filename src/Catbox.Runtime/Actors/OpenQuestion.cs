using Akka.Actor;
using Catbox.Policy.Judging;
using Catbox.Runtime.Calls;

namespace Catbox.Runtime.Actors;

/// <summary>A question that an advisor was asked, until the call is made that it is about.</summary>
internal sealed class OpenQuestion(long number, CallQuestion question)
{
    /// <summary>By this number its answer names it.</summary>
    public long Number { get; } = number;

    /// <summary>What was asked. A thread that comes to an equal call is not asked about again.</summary>
    public CallQuestion Question { get; } = question;

    /// <summary>The answer, as long as the thread has not come to the call with it.</summary>
    public Verdict? Advice { get; set; }

    /// <summary>The call was judged with the answer.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Answers in the advisor's place when its time is over.</summary>
    public ICancelable? Deadline { get; set; }
}
