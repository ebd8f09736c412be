using System.Globalization;
using Catbox.Host.Rendering;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace Catbox.Host;

/// <summary>The engine's diagnostics on stderr. Made only for <c>-v</c>: a logger costs a start more than the guest's launch does.</summary>
internal static class Diagnostics
{
    /// <summary>Loggers that write to stderr.</summary>
    public static ILoggerFactory CreateLoggers(Terminal terminal) => new SerilogLoggerFactory(
        new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(new TerminalSink(terminal)).CreateLogger(), dispose: true);

    /// <summary>Serilog's own console sink writes with <see cref="Console"/>, which must leave the terminal alone here.</summary>
    private sealed class TerminalSink(Terminal terminal) : ILogEventSink
    {
        private readonly MessageTemplateTextFormatter _format = new("{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            _format.Format(logEvent, text);
            terminal.Complain(text.ToString().TrimEnd('\n'));
        }
    }
}
