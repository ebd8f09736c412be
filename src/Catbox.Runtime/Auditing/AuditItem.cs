namespace Catbox.Runtime.Auditing;

/// <summary>One thing in a session's trail; exactly one member is set.</summary>
internal readonly struct AuditItem
{
    public ViolationDraft? Violation { get; init; }
    public SandboxEvent? Event { get; init; }
    public ProcessRecord? Ended { get; init; }
    public SessionEnd? End { get; init; }
    /// <summary>A task that was killed because nobody knew it; 0 for none.</summary>
    public int Stranger { get; init; }
}
