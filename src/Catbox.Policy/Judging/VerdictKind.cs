namespace Catbox.Policy.Judging;

/// <summary>The cases of a <see cref="Verdict"/>.</summary>
internal enum VerdictKind : byte
{
    /// <summary>The call is made as it stands.</summary>
    Continue = 0,
    /// <summary>The call is not made and fails with an errno.</summary>
    Deny = 1,
    /// <summary>The call is not made and returns a result.</summary>
    Fake = 2,
    /// <summary>The session is killed.</summary>
    Kill = 3,
    /// <summary>The tracer does something in the guest's place and then answers (signals to groups, CPU masks).</summary>
    OnBehalf = 4,
}
