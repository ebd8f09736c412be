using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>
/// A program on a terminal of its own, by the guest <c>on_a_pty</c>, whose head has the protocol. Nothing here waits for a time: what is typed follows
/// on what was seen.
/// </summary>
internal sealed class Pty : IAsyncDisposable
{
    /// <summary>What is typed for the keyboard's signals (termios(3): VINTR, VQUIT, VSUSP).</summary>
    public const string CtrlC = "\x03", CtrlBackslash = "\x1c", CtrlZ = "\x1a";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _transcript = new();
    private string _unseen = "";

    private Pty(Process process)
    {
        _process = process;
        _ = PumpAsync(process.StandardOutput, _shown.Writer);
        _ = PumpLinesAsync(process.StandardError, _events.Writer);
    }

    /// <summary>The program's pid, which is its process group too.</summary>
    public int Job { get; private init; }

    /// <summary>Starts a program as the foreground job of a shell, or as the leader of the terminal's session.</summary>
    public static async Task<Pty> StartAsync(string directory, IEnumerable<string> command, bool leads = false)
    {
        var start = new ProcessStartInfo(Guests.Build("on_a_pty"), [leads ? "leader" : "job", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment["TERM"] = "dumb";
        start.Environment["HISTFILE"] = "";
        start.Environment["PS1"] = "$ ";
        var process = Process.Start(start)!;
        var first = await process.StandardError.ReadLineAsync().WaitAsync(s_deadline);
        Assert.StartsWith("job ", first, StringComparison.Ordinal);
        return new Pty(process) { Job = int.Parse(first![4..], CultureInfo.InvariantCulture) };
    }

    /// <summary>Waits until a text is shown.</summary>
    /// <returns>Everything from what was seen last to its end.</returns>
    public async Task<string> SeesAsync(string text)
    {
        while (true)
        {
            var at = _unseen.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                var seen = _unseen[..(at + text.Length)];
                _unseen = _unseen[seen.Length..];
                return seen;
            }

            _unseen += await NextAsync(_shown.Reader, $"shows {text}");
        }
    }

    /// <summary>A number that follows on a text in the same line.</summary>
    public async Task<int> SeesNumberAsync(string text)
    {
        await SeesAsync(text);
        return int.Parse((await SeesAsync("\n")).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Types.</summary>
    public Task TypeAsync(string text) => OrderAsync("type " + Convert.ToHexString(Encoding.UTF8.GetBytes(text)));

    /// <summary>Gives an order of <c>on_a_pty</c>.</summary>
    public async Task OrderAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the next event, which must be this one: <c>stopped 20</c>, <c>continued</c>, <c>exited 3</c>, <c>killed 9</c>.</summary>
    public async Task HappensAsync(string happened)
    {
        var next = await NextAsync(_events.Reader, happened);
        Assert.True(happened == next, $"expected `{happened}`, and it was `{next}`; the terminal showed:\n{_transcript}");
    }

    /// <summary>Waits for the next event, whatever it is.</summary>
    public Task<string> EndsAsync() => NextAsync(_events.Reader, "an end");

    /// <summary>Closes the terminal after the program's end.</summary>
    /// <returns>What was shown and not yet seen.</returns>
    public async Task<string> RestAsync()
    {
        _process.StandardInput.Close();
        await foreach (var more in _shown.Reader.ReadAllAsync())
        {
            _unseen += more;
        }

        return _unseen;
    }

    /// <summary>The terminal's modes, as bytes.</summary>
    public async Task<string> ModesAsync()
    {
        await OrderAsync("modes");
        return await NextAsync(_events.Reader, "modes");
    }

    /// <summary>Whose process group is in front: <c>front shell</c>, <c>front job</c>, <c>front none</c>, or <c>front PID</c>.</summary>
    public async Task<string> FrontAsync()
    {
        await OrderAsync("front");
        return await NextAsync(_events.Reader, "front");
    }

    public async ValueTask DisposeAsync()
    {
        // At the end of its orders the harness kills what still runs.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(s_deadline);
        _process.Dispose();
    }

    private async Task<string> NextAsync(ChannelReader<string> reader, string what)
    {
        try
        {
            var next = await reader.ReadAsync().AsTask().WaitAsync(s_deadline);
            if (reader == _shown.Reader)
            {
                _transcript.Append(next);
            }

            return next;
        }
        catch (Exception e) when (e is TimeoutException or ChannelClosedException)
        {
            _events.Reader.TryRead(out var instead);
            Assert.Fail($"it never came to this: {what} ({e.GetType().Name}; next event: {instead ?? "none"}); the terminal showed:\n{_transcript}");
            throw;
        }
    }

    private static async Task PumpAsync(StreamReader from, ChannelWriter<string> into)
    {
        var buffer = new char[4096];
        for (int count; (count = await from.ReadAsync(buffer)) > 0;)
        {
            await into.WriteAsync(new string(buffer, 0, count));
        }

        into.Complete();
    }

    private static async Task PumpLinesAsync(StreamReader from, ChannelWriter<string> into)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await into.WriteAsync(line);
        }

        into.Complete();
    }
}
