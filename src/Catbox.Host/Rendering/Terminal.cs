using System.Text;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Rendering;

/// <summary>
/// The program's own output. Bytes go straight to the descriptors: every stream of <see cref="Console"/> changes the settings of a terminal, and it
/// is the guest's (see <see cref="DescriptorStream"/>). A line is one write, so that lines of guest and engine do not mix.
/// </summary>
internal sealed class Terminal(Stream output, Stream error)
{
    private readonly Lock _lock = new();

    /// <summary>
    /// The process has a controlling terminal, and its group is a job there. That counts and not what stdin is: <c>git log | less</c> reads the keyboard by
    /// /dev/tty, and would be stopped there (SIGTTIN) in a group that is never in front.
    /// </summary>
    public bool IsControlling { get; init; }
    public bool OutputIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether stderr may be coloured: a terminal that is not dumb, and no NO_COLOR (no-color.org).</summary>
    public bool ErrorHasColour { get; init; }

    public static Terminal ForProcess()
    {
        var errorIsTerminal = !Console.IsErrorRedirected;
        return new Terminal(new DescriptorStream(1), new DescriptorStream(2))
        {
            IsControlling = ControllingTerminal.Exists,
            OutputIsTerminal = !Console.IsOutputRedirected,
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
    public void WriteErrorLine(string line) => Write(error, Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes a line of ours to stderr: <c>catbox: message</c>.</summary>
    public void Complain(string message) => WriteErrorLine("catbox: " + message);

    private void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
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
