using Catbox.Policy.Enacting;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>
/// The slots of one guest address space: read-only pages, mapped by the guest on the tracer's behalf and sealed (mseal(2)), which only the tracer can write. It belongs to the address
/// space and not to a process: processes that share their memory (vfork, clone with CLONE_VM) share it, a fork copies it, an exec ends it. Owned by the loop thread.
/// </summary>
/// <remarks>
/// A slot is in use from the moment that it is written until its call returns, so that there are as many in use as there are calls under way, not threads. Another pool
/// is mapped when none is free.
/// </remarks>
internal sealed class GuestAddressSpace
{
    /// <summary>How many slots are mapped at a time. Untouched ones are the zero page.</summary>
    public const int SlotsPerPool = 8;

    /// <summary>The bytes of a pool, whole pages.</summary>
    public const int PoolSize = SlotsPerPool * SlotCall.Size;

    private readonly List<Pool> _pools = [];
    private readonly Stack<ulong> _free = new();

    /// <summary>Takes a free slot.</summary>
    public bool TryTake(out ulong address) => _free.TryPop(out address);

    /// <summary>Gives one back; its call has returned, or nobody is left to make it.</summary>
    public void Give(ulong address) => _free.Push(address);

    /// <summary>A pool has been mapped, and sealed where the kernel can.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="sequence">The number of the loop's last stop.</param>
    public void Add(ulong address, long sequence)
    {
        _pools.Add(new Pool(address, sequence));
        Offer(address);
    }

    /// <summary>
    /// The copy that a fork makes, with all slots free: calls that are under way in the original are not made in it. A pool counts only if it was there before
    /// the forking thread was last stopped, as else the memory may have been copied before; the copy's own pages could then be anything.
    /// </summary>
    /// <param name="makersLastStop">The number of that stop.</param>
    public GuestAddressSpace CopyForFork(long makersLastStop)
    {
        var copy = new GuestAddressSpace();
        foreach (var pool in _pools)
        {
            if (pool.Sequence < makersLastStop)
            {
                copy.Add(pool.Address, 0);
            }
        }

        return copy;
    }

    private void Offer(ulong pool)
    {
        // The first one is taken first: a program that makes one call at a time touches one page.
        for (var i = SlotsPerPool - 1; i >= 0; i--)
        {
            _free.Push(pool + (ulong)(i * SlotCall.Size));
        }
    }

    private readonly record struct Pool(ulong Address, long Sequence);
}
