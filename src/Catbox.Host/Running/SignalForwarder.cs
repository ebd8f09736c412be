using System.Runtime.InteropServices;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Running;

/// <summary>
/// Passes signals on to the guest; a second request to end kills everything. What the kernel has sent to the guest as well, since it shares our process group, is
/// not passed on: it would get it twice, and a second SIGINT means something else to many programs.
/// </summary>
internal sealed class SignalForwarder : IDisposable
{
    /// <summary>
    /// A signal waits so long before it is passed on, and the same one again in that time is its echo: timeout(1) sends one to its child and another to the group that both are
    /// in, a closed terminal one from the shell and another from the kernel, and neither means a second request.
    /// </summary>
    /// <remarks>
    /// To pass it on at once, and to take no second one for so long, does not do: who has seen the guest answer the first may well send a second in less.
    /// </remarks>
    internal static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(30);

    private readonly Func<Sandbox, int, bool>? _hasReached;
    private readonly TimeProvider _clock;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly List<PosixSignal> _early = [];
    private readonly Dictionary<PosixSignal, ITimer> _waiting = [];
    private readonly Lock _lock = new();
    private Sandbox? _sandbox;
    private bool _wasAskedToEnd;

    /// <param name="hasReached">Whether the guest has a signal that came to us, as <see cref="ControllingTerminal.HasReached"/>; null where its group is its own.</param>
    /// <param name="ignored">The signals that we were started with ignored, as <see cref="HostSignals.Ignored"/> has them: they stay so.</param>
    /// <param name="clock">Tells a second signal from an echo.</param>
    public SignalForwarder(Func<Sandbox, int, bool>? hasReached, ulong ignored, TimeProvider clock)
    {
        _hasReached = hasReached;
        _clock = clock;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            if ((ignored >> (Number(signal) - 1) & 1) == 0)
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
            }
        }
    }

    /// <summary>The number of the first signal that came before there was a guest; 0 where none did.</summary>
    public int EarlySignal
    {
        get
        {
            lock (_lock)
            {
                return _early is [var first, ..] ? Number(first) : 0;
            }
        }
    }

    /// <summary>
    /// Names the guest that signals go to from now on. It gets those that came earlier: a start is short, and to cancel it would kill a guest that runs already, and that
    /// nobody was told of yet.
    /// </summary>
    public void Attach(Sandbox sandbox)
    {
        lock (_lock)
        {
            _sandbox = sandbox;
            foreach (var signal in _early)
            {
                PassOn(sandbox, signal);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        lock (_lock)
        {
            foreach (var timer in _waiting.Values)
            {
                timer.Dispose();
            }

            _waiting.Clear();
        }
    }

    /// <summary>What is done with a signal; the runtime's default (to end us) never is.</summary>
    internal void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            if (_sandbox is null)
            {
                if (!_early.Contains(context.Signal))
                {
                    _early.Add(context.Signal);
                }
            }
            else if (!_waiting.ContainsKey(context.Signal) && (_hasReached is null || !_hasReached(_sandbox, Number(context.Signal))))
            {
                PassOn(_sandbox, context.Signal);
            }
        }
    }

    private void PassOn(Sandbox sandbox, PosixSignal signal)
    {
        // A hang-up is no request to end: daemons read their settings anew at each.
        var asksToEnd = signal != PosixSignal.SIGHUP;
        if (asksToEnd && _wasAskedToEnd)
        {
            // Completion tells of the end; nobody waits here.
            _ = sandbox.KillAsync();
            return;
        }

        _wasAskedToEnd |= asksToEnd;
        _waiting[signal] = _clock.CreateTimer(
            _ =>
            {
                lock (_lock)
                {
                    if (_waiting.Remove(signal, out var timer))
                    {
                        timer.Dispose();
                        sandbox.Signal(Number(signal), toGroup: _hasReached is null);
                    }
                }
            },
            null,
            Echo,
            Timeout.InfiniteTimeSpan);
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
