using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Catbox.Host;

/// <summary>The engine's diagnostics on stderr. Made only for <c>-v</c>: a logger costs a start more than the guest's launch does.</summary>
internal static class Diagnostics
{
    /// <summary>Loggers that write to stderr; whoever disposes them flushes them.</summary>
    public static ILoggerFactory CreateLoggers()
    {
        var levels = new LoggingLevelSwitch(LogEventLevel.Debug);
        var logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(levels)
            .WriteTo.Console(
                outputTemplate: "catbox: {Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }
}
