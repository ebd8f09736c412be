using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>The way from a directory that a guest stands in, or has open, to a judged object, without links or dots. Off the usual path: it costs a few kernel calls.</summary>
internal sealed class RelativeWay
{
    private readonly ProcPaths _proc = new();
    private readonly GuestFileSystemView _view;
    private readonly ResolvedPath _start = new();
    private readonly byte[] _text = new byte[PathLimits.PathMax];

    public RelativeWay(DeepNames deep) => _view = new GuestFileSystemView(_proc, deep);

    /// <summary>Finds it for a stopped thread.</summary>
    /// <param name="pid">Its process.</param>
    /// <param name="tid">The thread.</param>
    /// <param name="dirFd">AT_FDCWD, or its descriptor.</param>
    /// <param name="target">The canonical path of the object.</param>
    /// <param name="path">The path, valid until the next one.</param>
    /// <returns>False where nobody can tell the name of the directory, or the way is longer than a path may be. One that was removed is still below its parent.</returns>
    public bool TryFind(int pid, int tid, int dirFd, ReadOnlySpan<byte> target, out ReadOnlySpan<byte> path)
    {
        path = default;
        _proc.Bind(pid, tid);
        if (!_view.GetPath(_proc.Start(dirFd), _start, out _).IsSuccess || !_start.Canonical.StartsWith("/"u8)
            || !PathSyntax.TryRelate(_start.Canonical, target, _text.AsSpan(0, _text.Length - 1), out var length))
        {
            return false;
        }

        path = _text.AsSpan(0, length);
        return true;
    }
}
