using Catbox.Policy.Judging;
using Catbox.Runtime.Calls;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Leaves each call to the rules, a millisecond later and from another thread.</summary>
internal sealed class SlowAdvisor : ICallAdvisor
{
    private int _asked;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <inheritdoc/>
    public void Ask(CallQuestion question, Action<Verdict> answer)
    {
        Interlocked.Increment(ref _asked);
        _ = AnswerAsync(answer);
    }

    private static async Task AnswerAsync(Action<Verdict> answer)
    {
        await Task.Delay(1).ConfigureAwait(false);
        answer(Verdict.Continue);
    }
}
