using System.Runtime.InteropServices;
using Catbox.Runtime;

namespace Catbox.Host.Running;

/// <summary>
/// Passes signals on to the guest; a second one kills everything. A guest that shares our terminal is in our process group and gets what the
/// keyboard sends from the kernel: passing INT and QUIT on too would give it each twice, so there they are only kept from ending us.
/// </summary>
internal sealed class SignalForwarder : IDisposable
{
    private readonly bool _sharesTerminal;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _start;
    private readonly Lock _lock = new();
    private Sandbox? _sandbox;
    private int _received;

    public SignalForwarder(bool sharesTerminal, CancellationToken cancellationToken)
    {
        _sharesTerminal = sharesTerminal;
        _start = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>Cancelled when a signal comes before there is a guest to pass it to.</summary>
    public CancellationToken StartCancelled => _start.Token;

    /// <summary>Names the guest that signals go to from now on.</summary>
    public void Attach(Sandbox sandbox)
    {
        lock (_lock)
        {
            _sandbox = sandbox;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _start.Dispose();
    }

    /// <summary>What is done with a signal; the runtime's default (to end us) never is.</summary>
    internal void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_sharesTerminal && context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT)
        {
            return;
        }

        lock (_lock)
        {
            _received++;
            if (_sandbox is null)
            {
                _start.Cancel();
            }
            else if (_received == 1)
            {
                _sandbox.Signal(Number(context.Signal), toGroup: !_sharesTerminal);
            }
            else
            {
                // Completion tells of the end; nobody waits here.
                _ = _sandbox.KillAsync();
            }
        }
    }

    /// <summary>The kernel's number (signal(7)): <see cref="PosixSignal"/> has values of its own.</summary>
    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };
}
