using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.Calls;

/// <summary>
/// A stopped call of a guest: what it asks for, what was found out about it, and how it is to be made. It belongs to the stopped thread from its stop until somebody has resolved that.
/// A session rents them from its <see cref="CallPool"/>, so that a stop allocates nothing.
/// </summary>
internal sealed class GuestCall(CallPool pool)
{
    /// <summary>The decoded call.</summary>
    public SyscallRequest Request { get; } = new();

    /// <summary>The verdict, and the resolved operands.</summary>
    public Judgement Judgement { get; } = new();

    /// <summary>The call as it is made in a slot. Filled for that alone.</summary>
    public SlotCall Plan { get; } = new();

    /// <summary>Somebody works on it beyond the turn in which it was judged, and releases it.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Takes it over: from now on the caller has to <see cref="Release"/> it.</summary>
    public void Keep() => IsKept = true;

    /// <summary>Gives it back. Nothing of it may be used after that.</summary>
    public void Release()
    {
        IsKept = false;
        pool.Return(this);
    }
}
