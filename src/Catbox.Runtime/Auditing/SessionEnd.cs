using Catbox.Runtime.Launching;

namespace Catbox.Runtime.Auditing;

/// <summary>The last item of a trail: what the session's actor knows of its end.</summary>
internal sealed record SessionEnd(EndReason Reason, ExitStatus Exit, TimeSpan WallTime, StopCounts Stops, string? Fault, TemporaryDirectory? Temporary);
