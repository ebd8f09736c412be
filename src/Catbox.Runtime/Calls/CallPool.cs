namespace Catbox.Runtime.Calls;

/// <summary>The calls of one session that nobody uses at the moment. Owned by the session's tracer loop.</summary>
internal sealed class CallPool
{
    private readonly Stack<GuestCall> _free = new();

    /// <summary>How many were made: as many as were in use at once.</summary>
    public int Count { get; private set; }

    /// <summary>How many are in use.</summary>
    public int InUse => Count - _free.Count;

    /// <summary>Takes one; its content is an earlier call's until it is filled.</summary>
    public GuestCall Rent()
    {
        if (_free.TryPop(out var call))
        {
            return call;
        }

        Count++;
        return new GuestCall(this);
    }

    /// <summary>Takes one back: <see cref="GuestCall.Release"/>.</summary>
    internal void Return(GuestCall call) => _free.Push(call);
}
