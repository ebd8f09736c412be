namespace Catbox.Policy.Enacting;

/// <summary>How a call that a signal ended which nobody handles goes on.</summary>
internal enum Repetition : byte
{
    /// <summary>Not at all, or by the kernel itself.</summary>
    None = 0,
    /// <summary>The whole call is made again.</summary>
    Whole,
    /// <summary>The whole call is made again, within what is left of its time.</summary>
    Timed,
    /// <summary>The call is made for the rest of its bytes.</summary>
    Rest,
}
