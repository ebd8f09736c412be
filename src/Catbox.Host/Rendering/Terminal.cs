using System.Text;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Rendering;

/// <summary>
/// The program's own output. Bytes go straight to the descriptors: every stream of <see cref="Console"/> changes the settings of a terminal, and it
/// is the guest's (see <see cref="DescriptorStream"/>). A line is one write, so that lines of guest and engine do not mix.
/// </summary>
internal sealed class Terminal(Stream output, Stream error)
{
    /// <summary>How long a terminal may take nothing before the lines that are left are given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private LineWriter? _lines;
    private bool _isGivenUp;

    /// <summary>
    /// The process has a controlling terminal, and its group is a job there. That counts and not what stdin is: <c>git log | less</c> reads the keyboard by
    /// /dev/tty, and would be stopped there (SIGTTIN) in a group that is never in front.
    /// </summary>
    public bool IsControlling { get; init; }
    public bool OutputIsTerminal { get; init; }

    /// <summary>How many columns stdout has, as a terminal.</summary>
    public int Width { get; init; } = 80;
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether stderr may be coloured: a terminal that is not dumb, and no NO_COLOR (no-color.org).</summary>
    public bool ErrorHasColour { get; init; }

    public static Terminal ForProcess()
    {
        var (output, error) = (new DescriptorStream(1), new DescriptorStream(2));
        var errorIsTerminal = error.IsTerminal;
        return new Terminal(output, error)
        {
            IsControlling = ControllingTerminal.Exists,
            OutputIsTerminal = output.IsTerminal,
            Width = output.Columns,
            ErrorIsTerminal = errorIsTerminal,
            ErrorHasColour = errorIsTerminal && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb")
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    /// <summary>Writes text to stdout.</summary>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes to stdout.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => Write(output, bytes);

    /// <summary>Writes a line to stderr.</summary>
    public void WriteErrorLine(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_lock)
        {
            if (_lines is { } lines)
            {
                lines.Write(bytes);
                return;
            }
        }

        if (!_isGivenUp)
        {
            Write(error, bytes);
        }
    }

    /// <summary>From now on a guest can keep the lines from being taken: nobody waits for them until <see cref="EndSharing"/>.</summary>
    public void BeginSharing() => _lines = new LineWriter(line => Write(error, line));

    /// <summary>
    /// The guest is gone: waits for the lines that are left. A terminal is given up where it takes nothing (somebody has stopped it, or does not look); what else reads them may take its
    /// time, as a pager does.
    /// </summary>
    public void EndSharing()
    {
        LineWriter? lines;
        lock (_lock)
        {
            lines = _lines;
            _lines = null;
        }

        _isGivenUp = lines?.Finish(ErrorIsTerminal ? Patience : Timeout.InfiniteTimeSpan) == false;
    }

    /// <summary>Writes a line of ours to stderr: <c>catbox: message</c>.</summary>
    public void Complain(string message) => WriteErrorLine("catbox: " + message);

    private void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            try
            {
                stream.Write(bytes);
                stream.Flush();
            }
            catch (IOException)
            {
                // The reader has gone (EPIPE) or the disk is full: the guest's run does not depend on who reads our lines.
            }
        }
    }
}
