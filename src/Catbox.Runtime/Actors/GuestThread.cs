using Catbox.Policy.Tracees;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

/// <summary>A thread of a guest process, as its actor knows it.</summary>
internal sealed class GuestThread
{
    /// <summary>Where it stands.</summary>
    public ThreadPhase Phase { get; set; }

    /// <summary>The stop of the call that somebody is asked about, while it is <see cref="ThreadPhase.Asking"/> or waits in another call.</summary>
    public RawStop Asked;

    /// <summary>The question that it waits for; null where it waits for none.</summary>
    public OpenQuestion? Awaits { get; set; }

    /// <summary>
    /// Questions that were put and whose call was not made yet: that of the call it waits in, and those of calls that a signal's handler has come between. Null before the first.
    /// </summary>
    public List<OpenQuestion>? Questions { get; set; }

    /// <summary>It is gone, or its program is another one.</summary>
    public void Forget()
    {
        Awaits = null;
        foreach (var question in Questions ?? [])
        {
            question.Deadline?.Cancel();
        }

        Questions = null;
    }
}
