using System.Threading.Channels;
using Catbox.Policy.Judging;
using Catbox.Runtime.Calls;

namespace Catbox.Testing;

/// <summary>An advisor whose questions a test takes, in their order, and answers when it likes.</summary>
internal sealed class ScriptedAdvisor : ICallAdvisor
{
    private readonly Channel<(CallQuestion Question, Action<Verdict> Answer)> _asked = Channel.CreateUnbounded<(CallQuestion, Action<Verdict>)>();

    /// <summary>Whether a question throws.</summary>
    public bool Throws { get; set; }

    /// <summary>Whether there is a question that nobody has taken.</summary>
    public bool Any => _asked.Reader.TryPeek(out _);

    /// <inheritdoc/>
    public void Ask(CallQuestion question, Action<Verdict> answer)
    {
        if (Throws)
        {
            throw new InvalidOperationException("scripted");
        }

        _asked.Writer.TryWrite((question, answer));
    }

    /// <summary>The next question, and how to answer it.</summary>
    public async Task<(CallQuestion Question, Action<Verdict> Answer)> NextAsync()
    {
        using var patience = new CancellationTokenSource(ScriptedTracer.Patience);
        return await _asked.Reader.ReadAsync(patience.Token);
    }
}
