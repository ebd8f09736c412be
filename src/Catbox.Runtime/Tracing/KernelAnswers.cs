using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Tracing;

/// <summary>Asks the kernel what it would say to a guest, by questions that change nothing. Off the hot path: before a refusal.</summary>
internal sealed class KernelAnswers : IKernelAnswers
{
    /// <summary>
    /// So many kinds of sockets are tried at most, since a guest chooses them and the kernel may load a module for one. Others are refused without having been tried.
    /// </summary>
    private const int MostSockets = 256;

    private readonly ThreadCredentials _credentials = new();
    private readonly Dictionary<(int Family, int Type, int Protocol), Errno> _sockets = [];
    private readonly Dictionary<int, bool> _calls = [];
    private int _pid;
    private int _tid;

    /// <summary>Turns to a thread.</summary>
    public KernelAnswers Bind(int pid, int tid)
    {
        _pid = pid;
        _tid = tid;
        return this;
    }

    /// <inheritdoc/>
    public bool HasCapability(int capability)
    {
        Span<byte> name = stackalloc byte[ProcPath.Size];
        return !_credentials.Read(ProcPath.Write(name, _tid, "/status"u8)).IsSuccess || (_credentials.Effective & (1UL << capability)) != 0;
    }

    /// <inheritdoc/>
    public bool HasCall(int number)
    {
        if (!_calls.TryGetValue(number, out var has))
        {
            _calls[number] = has = Probes.HasCall(number);
        }

        return has;
    }

    /// <inheritdoc/>
    public Errno Socket(int family, int type, int protocol)
    {
        var kind = (family, type, protocol);
        if (_sockets.TryGetValue(kind, out var error) || _sockets.Count >= MostSockets)
        {
            return error;
        }

        error = Sockets.Try(family, type, protocol);
        _sockets[kind] = error;
        return error;
    }

    /// <inheritdoc/>
    public (int Family, int Type) SocketOf(int fd) => Sockets.Look(_pid, _tid, fd);

    /// <inheritdoc/>
    public Errno Queue(ReadOnlySpan<byte> name, int flags) => Queues.Try(name, flags);

    /// <inheritdoc/>
    public bool HasGroup(int group) => Signals.Kill(-group, 0) != Errno.ESRCH;

    /// <inheritdoc/>
    public bool MayReach(int pid) => Signals.Kill(pid, 0) != Errno.EPERM;
}
