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
    private const int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGTERM = 15, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22;

    private readonly List<int> _early = [];
    private readonly Dictionary<int, ITimer> _waiting = [];
    private readonly Lock _lock = new();
    private Sandbox? _sandbox;
    private bool _wasAskedToEnd;

    /// <param name="hasReached">Whether the guest has a signal that came to us, as <see cref="ControllingTerminal.HasReached"/>; null where its group is its own.</param>
    /// <param name="clock">Tells a second signal from an echo.</param>
    public SignalForwarder(Func<Sandbox, int, bool>? hasReached, TimeProvider clock)
    {
        _hasReached = hasReached;
        _clock = clock;
    }

    /// <summary>
    /// The signals that are taken. Those that stop a job only where the guest is in it: it is the guest that stops, and tidies up before, and then we do
    /// (<see cref="ControllingTerminal.StopWith"/>).
    /// </summary>
    /// <param name="sharesTerminal">The guest is in our group, on our terminal.</param>
    /// <param name="ignored">The signals that we were started with ignored, as <see cref="HostSignals.Ignored"/> has them: they stay so.</param>
    public static IEnumerable<int> Signals(bool sharesTerminal, ulong ignored)
    {
        int[] all = sharesTerminal ? [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU] : [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
        return all.Where(signal => (ignored >> (signal - 1) & 1) == 0);
    }

    /// <summary>The number of the first signal that came before there was a guest; 0 where none did.</summary>
    public int EarlySignal
    {
        get
        {
            lock (_lock)
            {
                return _early is [var first, ..] ? first : 0;
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
        lock (_lock)
        {
            foreach (var timer in _waiting.Values)
            {
                timer.Dispose();
            }

            _waiting.Clear();
        }
    }

    /// <summary>What is done with a signal.</summary>
    /// <param name="signal">Its number.</param>
    /// <param name="isKernels">The kernel has sent it, to the whole group.</param>
    /// <returns>False where it is to stop us, and there is no guest yet that would stop first.</returns>
    public bool OnSignal(int signal, bool isKernels)
    {
        var stops = signal is SIGTSTP or SIGTTIN or SIGTTOU;
        lock (_lock)
        {
            if (_sandbox is null && stops)
            {
                return false;
            }

            if (stops && isKernels)
            {
                return true; // The guest has it too.
            }

            if (_sandbox is null)
            {
                if (!_early.Contains(signal))
                {
                    _early.Add(signal);
                }
            }
            else if (!_waiting.ContainsKey(signal) && (_hasReached is null || !_hasReached(_sandbox, signal)))
            {
                PassOn(_sandbox, signal);
            }

            return true;
        }
    }

    private void PassOn(Sandbox sandbox, int signal)
    {
        // A hang-up is no request to end: daemons read their settings anew at each.
        var asksToEnd = signal is SIGINT or SIGTERM or SIGQUIT;
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
                        sandbox.Signal(signal, toGroup: _hasReached is null);
                    }
                }
            },
            null,
            Echo,
            Timeout.InfiniteTimeSpan);
    }
}
