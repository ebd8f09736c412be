using Catbox.Policy.Paths;

namespace Catbox.Policy.Judging;

/// <summary>
/// What the judge found: the verdict, and what a report needs to tell of it. One instance per loop, reused; the resolved paths are
/// valid until the next call is judged.
/// </summary>
internal sealed class Judgement
{
    /// <summary>What becomes of the call.</summary>
    public Verdict Verdict { get; set; }
    /// <summary>True when a violation is to be recorded (also where the call is let through: collect-only).</summary>
    public bool IsViolation { get; set; }
    /// <summary>The errno that the guest gets, or would have got under collect-only.</summary>
    public Errno ViolationErrno { get; set; }
    /// <summary>The path as given (bytes), or empty; valid while the request is.</summary>
    public ReadOnlyMemory<byte> Given { get; set; }
    /// <summary>The canonical path (bytes) or, for the network, the destination in text form, as kept in <see cref="Text"/>.</summary>
    public ReadOnlyMemory<byte> Resolved { get; set; }
    /// <summary>What kind of thing was refused.</summary>
    public ViolationSubject Subject { get; set; }
    /// <summary>An open that is allowed because what it names is there, and only as long as it is: it must not make a file.</summary>
    public bool ExistingOnly { get; set; }
    /// <summary>
    /// What was judged is behind a descriptor, and the guest makes the call itself: it is held to it only where no other task has the table and could exchange it.
    /// </summary>
    public bool NeedsOwnTable { get; set; }
    /// <summary>The policy has nothing to say of the call, and nothing was looked at: it goes on, and is held to nothing.</summary>
    internal bool IsNotOfPolicy { get; set; }
    /// <summary>A limit that is set to what it is already: only the old one is asked for.</summary>
    internal bool OnlyAsksForLimit { get; set; }
    /// <summary>The first operand, resolved.</summary>
    public ResolvedPath First { get; } = new();
    /// <summary>The second operand, resolved.</summary>
    public ResolvedPath Second { get; } = new();
    /// <summary>Room for the text form of a destination.</summary>
    public byte[] Text { get; } = new byte[512];

    /// <summary>What was read of an argument in memory and judged: the call is made with these bytes. Kept in <see cref="Room"/>.</summary>
    public ReadOnlyMemory<byte> Argument { get; set; }
    /// <summary>Room for an argument.</summary>
    public byte[] Room { get; } = new byte[64];

    /// <summary>Empties it.</summary>
    public void Reset()
    {
        Verdict = default;
        IsViolation = false;
        ViolationErrno = default;
        Given = default;
        Resolved = default;
        Subject = ViolationSubject.None;
        ExistingOnly = false;
        NeedsOwnTable = false;
        IsNotOfPolicy = false;
        OnlyAsksForLimit = false;
        Argument = default;
        First.Reset();
        Second.Reset();
    }
}
