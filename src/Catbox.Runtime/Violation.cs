using System.Collections.Immutable;
using Catbox.Policy;
using Catbox.Policy.Judging;

namespace Catbox.Runtime;

/// <summary>One refused call (or one that collect-only let through).</summary>
/// <param name="Pid">The process.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Time">When.</param>
/// <param name="Tid">The thread.</param>
/// <param name="Operation">The call's name: <c>openat</c>.</param>
/// <param name="Given">The path as the guest gave it, raw bytes.</param>
/// <param name="Resolved">The canonical path, raw bytes, or the destination in text.</param>
/// <param name="Errno">What the guest got (or would have got).</param>
/// <param name="LetThrough">True under collect-only.</param>
/// <param name="Subject">What it was about.</param>
/// <param name="Executable">The program of the process.</param>
public sealed record Violation(
    int Pid,
    long Generation,
    DateTimeOffset Time,
    int Tid,
    string Operation,
    ImmutableArray<byte> Given,
    ImmutableArray<byte> Resolved,
    Errno Errno,
    bool LetThrough,
    ViolationSubject Subject,
    string Executable) : SandboxEvent(Pid, Generation, Time)
{
    /// <summary><see cref="Given"/> as printable text: control characters, backslashes and invalid UTF-8 as <c>\xNN</c>.</summary>
    public string GivenText => PathText.Escape(Given.AsSpan());

    /// <summary><see cref="Resolved"/> as printable text.</summary>
    public string ResolvedText => PathText.Escape(Resolved.AsSpan());
}
