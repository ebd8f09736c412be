namespace Catbox.Policy.Enacting;

/// <summary>What the judge knew of the object of a call that was made in a slot: with the call's result, it tells what to do at its end. A value; pure.</summary>
internal struct SlotEnding
{
    /// <summary>How often a call is judged again because what it names was exchanged meanwhile; then its error stands.</summary>
    public const int MaxRetries = 64;

    /// <summary>The call opens a path by its canonical name.</summary>
    public bool Opens;
    /// <summary>The open finds or makes something: it was there when it was judged, or O_CREAT was given.</summary>
    public bool Finds;
    /// <summary>A link in the last place is not followed, and one is there: ELOOP is its right answer.</summary>
    public bool EndsInLink;
    /// <summary>The open insists on a directory: ENOTDIR can be its right answer.</summary>
    public bool WantsDirectory;
    /// <summary>There is an alternative, and nobody else can change where it leads: what a guest may not search, or what a descriptor's file is no longer called,
    /// can be opened by it.</summary>
    public bool HasAlternative;
    /// <summary>The canonical path is longer than a path may be: only the alternative is left.</summary>
    public bool NeedsAlternative;
    /// <summary>It opens the alternative.</summary>
    public bool IsAlternative;
    /// <summary>That is the magic link of a descriptor.</summary>
    public bool IsDescriptor;
    /// <summary>The open goes through a descriptor that has no name, which another thread can replace: what it gives must be <see cref="Device"/> and
    /// <see cref="Inode"/>.</summary>
    public bool IsNameless;
    /// <summary>st_dev of what was judged.</summary>
    public ulong Device;
    /// <summary>st_ino of what was judged.</summary>
    public ulong Inode;
    /// <summary>The kernel walks a path that is only held to its text, perhaps more than once while the call waits: no directory may change meanwhile.</summary>
    public bool Walks;
    /// <summary>That path is the one that was given: it may start at the working directory.</summary>
    public bool WalksAsGiven;
    /// <summary>Whose magic links that one goes through, as <see cref="Paths.ResolvedPath.MagicLinksOf"/> says.</summary>
    public int MagicLinksOf;
    /// <summary>sendmmsg, made as sendmsg: where in the guest the length of the one message goes; 0 otherwise.</summary>
    public ulong MessageLengthAt;

    /// <summary>What to do when the call has returned.</summary>
    /// <param name="result">rax: a value, or a negated errno.</param>
    /// <param name="retries">How often it was judged again in a row.</param>
    public readonly SlotOutcome After(long result, int retries)
    {
        if (result >= 0)
        {
            return IsNameless ? SlotOutcome.CheckDescriptor : MessageLengthAt != 0 ? SlotOutcome.TellLength : SlotOutcome.Keep;
        }

        if (!Opens || (IsAlternative && IsDescriptor) || retries >= MaxRetries)
        {
            return SlotOutcome.Keep;
        }

        if (HasAlternative && !IsAlternative && (result == -Errno.EACCES.Value || (IsDescriptor && result == -Errno.ENOENT.Value)))
        {
            return SlotOutcome.Alternative;
        }

        // The path had no link in it and every directory on it was there: otherwise they have been exchanged since.
        var isExchanged = result == -Errno.ELOOP.Value ? !EndsInLink
            : result == -Errno.ENOTDIR.Value ? !WantsDirectory
            : result == -Errno.EXDEV.Value ? IsAlternative
            : result == -Errno.ENOENT.Value && Finds;
        return isExchanged ? SlotOutcome.Retry : SlotOutcome.Keep;
    }
}
