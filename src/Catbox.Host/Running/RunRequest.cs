using Catbox.Runtime;

namespace Catbox.Host.Running;

/// <summary>A <c>catbox run</c>, understood: what to run and what to tell of it.</summary>
/// <param name="Spec">What to run.</param>
/// <param name="ReportPath">Where the report goes, bytes; null for none.</param>
/// <param name="Quiet">No line for each violation.</param>
/// <param name="Verbose">The engine's diagnostics on stderr.</param>
/// <param name="Statistics">The stops by kind at the end.</param>
/// <param name="FailOnViolation">Exit with 1 where the guest gave 0 and there was a violation.</param>
/// <param name="Explain">Tell what holds each rule, and run nothing.</param>
internal sealed record RunRequest(
    SandboxSpec Spec, GuestString? ReportPath, bool Quiet, bool Verbose, bool Statistics, bool FailOnViolation, bool Explain = false);
