using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// The terminal that a host shares with its guest (<see cref="SandboxSpec.ShareTerminal"/>): who is in front, and how it was before the guest had it.
/// <c>System.Console</c> knows none of this, and changes modes of its own accord.
/// </summary>
/// <remarks>
/// A shell puts its own modes back when a job of it was ended by a signal. It does not see that here, where the guest's end is an exit code of the host's, so the
/// host does it. A guest that exits by itself leaves the modes as it wants them: <c>stty -echo</c> is such a program.
/// </remarks>
internal sealed class ControllingTerminal : IDisposable
{
    private const int SIGHUP = 1;
    private const int SIGINT = 2;
    private const int SIGQUIT = 3;
    private const int SIGTSTP = 20;
    private const int SIGTTIN = 21;
    private const int SIGTTOU = 22;
    private const int SIGCONT = 18;

    /// <summary>A guest that was continued runs after so many milliseconds.</summary>
    private const long LongestWake = 100;

    private readonly int _descriptor;
    private readonly int _group;
    private readonly byte[]? _modes;

    private ControllingTerminal(int descriptor)
    {
        _descriptor = descriptor;
        _group = Signals.GroupOf(0);

        // In the background they are somebody else's: a shell that edits its line has the terminal in another mode than its jobs.
        var modes = new byte[Terminals.ModesSize];
        _modes = IsInFront && Terminals.GetModes(descriptor, modes).IsSuccess ? modes : null;
    }

    /// <summary>Whether this process has one; its standard streams may be redirected all the same.</summary>
    public static bool Exists
    {
        get
        {
            var exists = Terminals.OpenControlling(out var descriptor).IsSuccess;
            Io.Close(descriptor);
            return exists;
        }
    }

    /// <summary>Whether this process's group is the terminal's foreground group: what the keyboard sends (SIGINT, SIGQUIT) comes here.</summary>
    private bool IsInFront => Terminals.ForegroundGroup(_descriptor) == _group;

    /// <summary>Whether it has hung up: a window that was closed, a connection that was lost.</summary>
    private bool IsGone => Terminals.GetModes(_descriptor, stackalloc byte[Terminals.ModesSize]) == Errno.EIO;

    /// <summary>Whether this process leads the terminal's session: the kernel then tells it alone of a hang-up, and the group in front when it has ended.</summary>
    private static bool IsLedByThisProcess => Terminals.OwnSession() == Environment.ProcessId;

    /// <summary>Opens it, and remembers its modes where this process is in front.</summary>
    /// <returns>Null where this process has none.</returns>
    public static ControllingTerminal? TryOpen() =>
        Terminals.OpenControlling(out var descriptor).IsSuccess ? new ControllingTerminal(descriptor) : null;

    /// <summary>
    /// Whether a signal that has come to this process has come to a guest as well, so that passing it on would deliver it twice: the guest is in this process's
    /// group, and the whole group was meant. A guest that made itself a group of its own, as shells do, has not got it.
    /// </summary>
    /// <remarks>
    /// A SIGINT or SIGQUIT that comes while this process is in front is taken for the keyboard's, also where it was sent: timeout(1) sends one to its child and then to the group of
    /// both.
    /// Whether the guest would end by it cannot be asked either: for the time of a sigwait(3) /proc shows a blocked signal as neither blocked nor caught.
    /// </remarks>
    /// <param name="pid">The guest.</param>
    /// <param name="signal">What came, as the kernel numbers it.</param>
    public bool HasReached(int pid, int signal) => Signals.GroupOf(pid) == _group && signal switch
    {
        SIGINT or SIGQUIT => IsInFront,
        SIGHUP => IsGone && !IsLedByThisProcess,
        SIGTSTP or SIGTTIN or SIGTTOU => true,
        _ => false,
    };

    /// <summary>
    /// Takes the terminal back from a guest that has ended: its output, where the guest had stopped it; the front, where the group that the guest had put there has nobody left, and the modes as they were.
    /// What somebody else has by now (a shell that was told to put us into the background) stays as it is.
    /// </summary>
    /// <param name="withModes">Whether the modes are put back: the guest could not do it itself.</param>
    public void TakeBack(bool withModes)
    {
        _ = Terminals.StartOutput(_descriptor);
        var front = Terminals.ForegroundGroup(_descriptor);
        if (front > 0 && front != _group && Signals.Kill(-front, 0) == Errno.ESRCH)
        {
            _ = Terminals.SetForegroundGroup(_descriptor, _group);
        }

        if (withModes && _modes is not null && IsInFront)
        {
            _ = Terminals.SetModes(_descriptor, _modes);
        }
    }

    /// <summary>
    /// Stops this process, since the guest was stopped: for the user's shell both are one job, and it waits for this process. Continues the guest when this process is continued.
    /// </summary>
    /// <remarks>
    /// The shell continues its job's group, which the guest is in unless it has made itself one, as shells do. That one is continued from here, and brought to the front where it was
    /// there and this process is now.
    /// </remarks>
    /// <param name="intake">Has the signals of this process.</param>
    /// <param name="guest">The guest that was stopped.</param>
    /// <param name="signal">What has stopped it.</param>
    public void StopWith(SignalIntake intake, Sandbox guest, int signal)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(guest);
        if (!IsStopped(guest.Pid))
        {
            // It was continued before this was heard of, with a host that had stopped already: a Ctrl-Z during the start.
            return;
        }

        var group = Signals.GroupOf(guest.Pid);
        var wasInFront = group != _group && Terminals.ForegroundGroup(_descriptor) == group;
        intake.Stop(signal);
        if (wasInFront && IsInFront)
        {
            _ = Terminals.SetForegroundGroup(_descriptor, group);
        }

        if (group == _group)
        {
            // It was continued with us, and goes on as soon as the tracer sees it. Unless nothing was stopped, or this process alone was continued.
            var end = Environment.TickCount64 + LongestWake;
            while (IsStopped(guest.Pid))
            {
                if (Environment.TickCount64 > end)
                {
                    guest.Signal(SIGCONT);
                    return;
                }

                Descriptors.Pause(1);
            }
        }
        else
        {
            guest.Signal(SIGCONT, toGroup: group == guest.Pid);
        }
    }

    /// <summary>Whether a guest stands still: stopped, or in a stop of its tracer's.</summary>
    private static bool IsStopped(int pid) => Tracing.TraceeInspector.StateOf(pid) is 't' or 'T';

    /// <inheritdoc/>
    public void Dispose() => Io.Close(_descriptor);
}
