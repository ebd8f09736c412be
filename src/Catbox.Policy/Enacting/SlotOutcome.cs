namespace Catbox.Policy.Enacting;

/// <summary>What becomes of the result of a call that was made in a slot.</summary>
internal enum SlotOutcome : byte
{
    /// <summary>It is the guest's.</summary>
    Keep = 0,
    /// <summary>What the path names was exchanged after it was judged: the guest makes its call again, and it is judged again.</summary>
    Retry,
    /// <summary>The guest makes its call again, and it is judged again and made by the other way to its object.</summary>
    Alternative,
    /// <summary>The new descriptor must be the object that was judged.</summary>
    CheckDescriptor,
    /// <summary>One message of a sendmmsg was sent: its length goes into the guest's array, and the result is 1.</summary>
    TellLength,
}
