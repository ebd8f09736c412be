using Catbox.Policy.Enacting;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>What a task does with slots: a part of <see cref="Tracee"/>. Owned by the loop thread.</summary>
internal struct SlotUse
{
    /// <summary>Which call of ours it is in, whose end is waited for.</summary>
    public SlotPhase Phase;
    /// <summary>A pool that was mapped and is still to be sealed, at the task's next call; 0 for none.</summary>
    public ulong Unsealed;
    /// <summary>The kernel has been asked to take its pages away.</summary>
    public bool IsEmptied;
    /// <summary>How many slots it is to have, and those of a pool that is being mapped.</summary>
    public int PoolSlots;
    /// <summary>No pool could be made: the call that needs one, which comes again, is answered.</summary>
    public bool IsWithoutPool;
    /// <summary>A filter of the guest's own has raised SIGSYS at a call of ours: the guest does not get it.</summary>
    public bool HidesTrap;
    /// <summary>The slot that its call is made in.</summary>
    public ulong Address;
    /// <summary>Whose slot that is: the process may have another address space by the time it is given back.</summary>
    public GuestAddressSpace? Owner;
    /// <summary>What to look at when the call returns.</summary>
    public SlotEnding Ending;
    /// <summary>It was told to end its call, for a change of a directory that waits.</summary>
    public bool IsInterrupted;
    /// <summary>The next call is made by its alternative, if it has one.</summary>
    public bool TakesAlternative;
    /// <summary>How often in a row a call was judged again.</summary>
    public int Retries;
}
