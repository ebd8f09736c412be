using System.Collections.Concurrent;

namespace Catbox.Host.Rendering;

/// <summary>
/// Writes lines on a thread of its own, so that nobody waits for who reads them: a terminal whose output a guest has stopped, or whose window takes nothing, holds that thread and
/// nothing else. At the end <see cref="Finish"/> waits, as long as something is taken.
/// </summary>
internal sealed class LineWriter(Action<byte[]> write)
{
    private readonly BlockingCollection<byte[]> _lines = [];
    private Thread? _thread;
    private long _written;

    /// <summary>Writes a line, at some time.</summary>
    public void Write(byte[] line)
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "lines" };
            _thread.Start();
        }

        _lines.Add(line);
    }

    /// <summary>Waits until all is written.</summary>
    /// <param name="patience">How long nothing may be taken; then what is left is given up.</param>
    /// <returns>Whether it is.</returns>
    public bool Finish(TimeSpan patience)
    {
        _lines.CompleteAdding();
        if (_thread is null)
        {
            return true;
        }

        for (var before = -1L; before != Interlocked.Read(ref _written);)
        {
            before = Interlocked.Read(ref _written);
            if (_thread.Join(patience))
            {
                return true;
            }
        }

        return false;
    }

    private void Run()
    {
        foreach (var line in _lines.GetConsumingEnumerable())
        {
            write(line);
            Interlocked.Increment(ref _written);
        }
    }
}
