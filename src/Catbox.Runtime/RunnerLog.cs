using Microsoft.Extensions.Logging;

namespace Catbox.Runtime;

/// <summary>The engine's diagnostics. Event ids are for good.</summary>
internal static partial class RunnerLog
{
    [LoggerMessage(1, LogLevel.Debug, "session {Session}: launch\n{Plan}")]
    public static partial void Launching(ILogger logger, long session, string plan);

    [LoggerMessage(2, LogLevel.Debug, "session {Session}: filter of {Instructions} instructions for {Needs}")]
    public static partial void FilterCompiled(ILogger logger, long session, int instructions, string needs);

    [LoggerMessage(3, LogLevel.Debug, "session {Session}: pid {Pid} runs")]
    public static partial void Started(ILogger logger, long session, int pid);

    [LoggerMessage(4, LogLevel.Debug, "session {Session}: {Reason} after {WallTime}, {Stops} stops, {Violations} violations")]
    public static partial void Ended(ILogger logger, long session, EndReason reason, TimeSpan wallTime, long stops, long violations);

    [LoggerMessage(5, LogLevel.Error, "session {Session}: {Fault}")]
    public static partial void Faulted(ILogger logger, long session, string fault);
}
