using Catbox.Policy.Enacting;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>
/// The slots of one guest address space: read-only pages, mapped by the guest on the tracer's behalf and sealed (mseal(2)), which only the tracer can write. It belongs to the address
/// space and not to a process: processes that share their memory (vfork, clone with CLONE_VM) share it, a fork copies it, an exec ends it. Owned by the loop thread.
/// </summary>
/// <remarks>
/// A slot is in use from the moment that it is written until its call returns, so that there are as many in use as there are calls under way, not threads. Another pool
/// is mapped when none is free, as large as all that are there already.
/// </remarks>
internal sealed class GuestAddressSpace
{
    /// <summary>How many slots are mapped at first. Untouched ones have no pages.</summary>
    public const int SlotsPerPool = 8;

    /// <summary>How many at most, and before a filter of the guest's own is there.</summary>
    public const int SlotsPerLargePool = 128;

    /// <summary>
    /// A page on either side of a pool that is not sealed. The kernel makes one mapping of two neighbours with the same flags, and a pool must be seen to be one of its own.
    /// </summary>
    public const ulong Margin = 4096;

    /// <summary>Where a pool is mapped that is to come before all else: vm.mmap_min_addr as it usually is.</summary>
    public const ulong LowHint = 0x10000;

    /// <summary>Pools that lie beyond this were not put there by a hint.</summary>
    private const ulong LowEnd = 1UL << 32;

    private readonly List<Pool> _pools = [];
    private readonly Stack<ulong> _free = new();

    /// <summary>How many slots there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many slots the next pool should have, so that even thousands of calls under way need few pools.</summary>
    public int NextPool => Math.Clamp(Count, SlotsPerPool, SlotsPerLargePool);

    /// <summary>
    /// Where the next pool is wanted; 0 where the kernel chooses. The first one lies where a mapping of the guest's own would. Pools of a guest with many threads lie behind many mappings there,
    /// and smaps is written from its beginning: so the further ones come before all else.
    /// </summary>
    public ulong Hint { get; private set; }

    /// <summary>The guest's side told of a seal that is not there: nothing more is mapped.</summary>
    public bool IsMisled { get; set; }

    /// <summary>What is mapped here is filled with pages at once, and locked (mlockall(2)).</summary>
    public bool IsFilled { get; set; }

    /// <summary>The bytes of so many slots, whole pages.</summary>
    public static ulong SizeOf(int slots) => (ulong)slots * SlotCall.Size;

    /// <summary>Takes a free slot.</summary>
    public bool TryTake(out ulong address) => _free.TryPop(out address);

    /// <summary>Gives one back; its call has returned, or nobody is left to make it.</summary>
    public void Give(ulong address) => _free.Push(address);

    /// <summary>A pool is there, and was seen to be sealed where the kernel can.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="slots">How many slots it has.</param>
    /// <param name="sequence">The number of the loop's last stop.</param>
    public void Add(ulong address, int slots, long sequence)
    {
        _pools.Add(new Pool(address, slots, sequence));
        Count += slots;
        var end = address + SizeOf(slots) + Margin;
        Hint = end > Hint && end < LowEnd ? end : Math.Max(Hint, LowHint);

        // The first one is taken first: a program that makes one call at a time touches one page.
        for (var i = slots - 1; i >= 0; i--)
        {
            _free.Push(address + SizeOf(i));
        }
    }

    /// <summary>A pool was not come to in smaps: the next one is to come before all else.</summary>
    /// <returns>False where that was so already.</returns>
    public bool TryMoveDown()
    {
        var isFirst = Hint == 0;
        Hint = Math.Max(Hint, LowHint);
        return isFirst;
    }

    /// <summary>
    /// The copy that a fork makes, with all slots free: calls that are under way in the original are not made in it. A pool counts only if it was seen before
    /// the forking thread was last stopped, as else the memory may have been copied before; the copy's own pages could then be anything.
    /// </summary>
    /// <param name="makersLastStop">The number of that stop.</param>
    public GuestAddressSpace CopyForFork(long makersLastStop)
    {
        var copy = new GuestAddressSpace { IsMisled = IsMisled };
        foreach (var pool in _pools)
        {
            if (pool.Sequence < makersLastStop)
            {
                copy.Add(pool.Address, pool.Slots, 0);
            }
        }

        return copy;
    }

    /// <summary>Whether a range touches a slot: another pool must not.</summary>
    public bool Overlaps(ulong address, ulong length)
    {
        foreach (var pool in _pools)
        {
            if (address < pool.Address + SizeOf(pool.Slots) && pool.Address < unchecked(address + length))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Pool(ulong Address, int Slots, long Sequence);
}
