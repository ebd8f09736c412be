using System.Globalization;
using System.Text;
using Catbox.Host.Rendering;
using Catbox.Runtime;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace Catbox.Host.Running;

/// <summary>What <c>-v</c> tells of a run. Made only for it: a logger costs a start more than the guest's launch does.</summary>
internal sealed class ProcessLog(Terminal terminal) : IDisposable
{
    private readonly Logger _log = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(new TerminalSink(terminal)).CreateLogger();

    /// <summary>The engine's diagnostics, to the same place.</summary>
    public ILoggerFactory Loggers => field ??= new SerilogLoggerFactory(_log);

    /// <summary>A process came into being.</summary>
    public void Started(ProcessStarted started) => _log.Debug("pid {Pid} started by {Parent}", started.Pid, started.ParentPid);

    /// <summary>A process executed a program.</summary>
    public void Executed(ProcessExecuted executed) =>
        _log.Debug("pid {Pid} executes {Executable:l}: {Arguments:l}", executed.Pid, Printable(executed.Executable), string.Join(' ', executed.Arguments.Select(Printable)));

    /// <summary>A process ended.</summary>
    public void Exited(ProcessExited exited)
    {
        if (exited.Status.Signal == 0)
        {
            _log.Debug("pid {Pid} exits with {Code}", exited.Pid, exited.Status.Code);
        }
        else
        {
            _log.Debug("pid {Pid} is ended by signal {Signal}", exited.Pid, exited.Status.Signal);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();

    private static string Printable(string text) => PathText.Escape(Encoding.UTF8.GetBytes(text));

    /// <summary>Serilog's own console sink writes with <see cref="Console"/>, which must leave the terminal alone here.</summary>
    private sealed class TerminalSink(Terminal terminal) : ILogEventSink
    {
        private readonly MessageTemplateTextFormatter _format = new("{Timestamp:HH:mm:ss.fff} {Message:l}{Exception}", CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            _format.Format(logEvent, text);
            terminal.Complain(text.ToString().TrimEnd());
        }
    }
}
