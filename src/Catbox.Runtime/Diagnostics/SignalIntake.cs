using System.Buffers.Binary;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// Takes signals of this process, for hosts that share a terminal with a guest. <c>PosixSignalRegistration</c> does not do for them: it switches on the runtime's own handling of
/// terminals, which sets modes when the process is continued, and stops the whole group (SIGTTOU) where it is in the background.
/// </summary>
internal sealed class SignalIntake : IDisposable
{
    private const int SI_KERNEL = 0x80;

    private readonly int _readEnd;
    private readonly nint _handler;
    private readonly List<int> _signals = [];
    private readonly Action<SignalIntake, int, bool> _take;

    private SignalIntake(int readEnd, nint handler, Action<SignalIntake, int, bool> take)
    {
        _readEnd = readEnd;
        _handler = handler;
        _take = take;
    }

    /// <summary>Has signals told of, instead of their default action.</summary>
    /// <param name="signals">The signals, as the kernel numbers them.</param>
    /// <param name="take">Gets this, the signal, and whether the kernel itself has sent it: by the keyboard, a hang-up, an access to the terminal. On a thread of its own.</param>
    /// <exception cref="SandboxException">The kernel does not let it.</exception>
    public static SignalIntake Open(IEnumerable<int> signals, Action<SignalIntake, int, bool> take)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(take);
        var error = SignalHandler.Pipe(out var readEnd, out var writeEnd);
        Check("a pipe for signals", error);
        Check("a handler for signals", SignalHandler.Make(writeEnd, out var handler));
        var intake = new SignalIntake(readEnd, handler, take);
        new Thread(intake.Read) { IsBackground = true, Name = "signals" }.Start();
        foreach (var signal in signals)
        {
            Check($"the handler of signal {signal}", SignalHandler.Install(signal, handler));
            intake._signals.Add(signal);
        }

        return intake;
    }

    /// <summary>
    /// Stops this process by a signal's default action, so that the shell which has started it sees its job stopped. Returns when it is continued; at once where the kernel does not
    /// stop it (SIGTSTP and its like in a group that no shell watches).
    /// </summary>
    /// <param name="signal">SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU.</param>
    public void Stop(int signal)
    {
        if (signal != SignalHandler.SIGSTOP)
        {
            _ = SignalHandler.Reset(signal);
        }

        SignalHandler.Raise(signal);
        if (_signals.Contains(signal))
        {
            _ = SignalHandler.Install(signal, _handler);
        }
    }

    /// <summary>Gives the signals back their default actions. The handler's page and the pipe stay: a handler may run at this moment.</summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            _ = SignalHandler.Reset(signal);
        }
    }

    private void Read()
    {
        Span<byte> record = stackalloc byte[SignalHandler.RecordSize];
        while (true)
        {
            var error = Io.Read(_readEnd, record, out var length);
            if (error.IsSuccess && length == record.Length)
            {
                _take(this, BinaryPrimitives.ReadInt32LittleEndian(record), BinaryPrimitives.ReadInt32LittleEndian(record[8..]) == SI_KERNEL);
            }
            else if (error != Errno.EINTR)
            {
                return;
            }
        }
    }

    private static void Check(string what, Errno error)
    {
        if (!error.IsSuccess)
        {
            throw new SandboxException($"{what} could not be made: {error}");
        }
    }
}
