namespace Catbox.Policy.Judging;

/// <summary>What becomes of a stopped call. A value: it is made on the hot path.</summary>
/// <param name="Kind">Which of the cases it is.</param>
/// <param name="Errno">The error of <see cref="VerdictKind.Deny"/>.</param>
/// <param name="Result">The result of <see cref="VerdictKind.Fake"/>.</param>
internal readonly record struct Verdict(VerdictKind Kind, Errno Errno, long Result)
{
    /// <summary>The call is made as it stands.</summary>
    public static Verdict Continue => default;

    /// <summary>The call is not made and fails.</summary>
    public static Verdict Deny(Errno errno) => new(VerdictKind.Deny, errno, 0);

    /// <summary>The call is not made and returns a result.</summary>
    public static Verdict Fake(long result) => new(VerdictKind.Fake, Errno.None, result);

    /// <summary>The session is killed.</summary>
    public static Verdict Kill => new(VerdictKind.Kill, Errno.None, 0);
}
