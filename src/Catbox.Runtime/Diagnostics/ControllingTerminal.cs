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
public sealed class ControllingTerminal : IDisposable
{
    private const int SIGHUP = 1;
    private const int SIGINT = 2;
    private const int SIGQUIT = 3;

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
    /// Who sent a signal cannot be asked: the runtime's handlers have no siginfo. So a SIGINT or SIGQUIT that comes while this process is in front is taken for the keyboard's.
    /// Whether the guest would end by it cannot be asked either: for the time of a sigwait(3) /proc shows a blocked signal as neither blocked nor caught.
    /// </remarks>
    /// <param name="pid">The guest.</param>
    /// <param name="signal">What came, as the kernel numbers it.</param>
    public bool HasReached(int pid, int signal) => Signals.GroupOf(pid) == _group && signal switch
    {
        SIGINT or SIGQUIT => IsInFront,
        SIGHUP => IsGone && !IsLedByThisProcess,
        _ => false,
    };

    /// <summary>
    /// Takes the terminal back from a guest that has ended: the front, where the group that the guest had put there has nobody left, and the modes as they were.
    /// What somebody else has by now (a shell that was told to put us into the background) stays as it is.
    /// </summary>
    /// <param name="withModes">Whether the modes are put back: the guest could not do it itself.</param>
    public void TakeBack(bool withModes)
    {
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

    /// <inheritdoc/>
    public void Dispose() => Io.Close(_descriptor);
}
