using System.Buffers.Text;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>The names under /proc of one guest thread (<see cref="ProcPath"/>), and of the tracer's own descriptors, NUL at the end. Nothing is allocated per name.</summary>
internal sealed class ProcPaths
{
    private const int PathRoom = 4096 + 128;

    private readonly byte[] _scratch = new byte[PathRoom];
    private readonly byte[] _thread = new byte[ProcPath.Size];
    private readonly byte[] _ownFd = new byte[ProcPath.Size];
    private readonly byte[] _own = new byte[16];
    private readonly int _ownLength;
    private readonly int _ownFdLength;
    private int _threadLength;

    public ProcPaths()
    {
        // What the kernel calls us in this /proc, which is not getpid() where /proc belongs to another pid namespace.
        var errno = Files.ReadLink(Files.AT_FDCWD, "/proc/self\0"u8, _own, out _ownLength);
        if (!errno.IsSuccess)
        {
            throw new CanonicalPathException("/proc/self"u8, errno);
        }

        "/proc/"u8.CopyTo(_ownFd);
        Own.CopyTo(_ownFd.AsSpan(6));
        "/fd/"u8.CopyTo(_ownFd.AsSpan(6 + _ownLength));
        _ownFdLength = 6 + _ownLength + 4;
    }

    /// <summary>The tracer's own number, as text.</summary>
    public ReadOnlySpan<byte> Own => _own.AsSpan(0, _ownLength);

    /// <summary>The guest's process.</summary>
    public int Pid { get; private set; }

    /// <summary>The guest's thread.</summary>
    public int Tid { get; private set; }

    public void Bind(int pid, int tid)
    {
        if (tid != Tid || pid != Pid)
        {
            Pid = pid;
            Tid = tid;
            _threadLength = ProcPath.Write(_thread, tid, "/"u8).Length - 1;
        }
    }

    /// <summary><c>/proc/TID/cwd</c> or <c>/proc/TID/fd/N</c>: the link to where a relative look-up starts. Valid until the next name is spelled.</summary>
    public ReadOnlySpan<byte> Start(int dirFd) => Finish(PutStart(dirFd));

    /// <summary>The same of another task.</summary>
    public ReadOnlySpan<byte> Start(int task, int dirFd)
    {
        if (task == Tid)
        {
            return Start(dirFd);
        }

        var length = ProcPath.Write(_scratch, task, "/"u8).Length - 1;
        return Finish(PutStart(length, dirFd));
    }

    /// <summary>The same with one component below it.</summary>
    public ReadOnlySpan<byte> Below(int dirFd, ReadOnlySpan<byte> name)
    {
        var length = PutStart(dirFd);
        _scratch[length++] = (byte)'/';
        return Finish(Put(length, name));
    }

    /// <summary>The link of one of the tracer's own descriptors.</summary>
    public ReadOnlySpan<byte> OwnDescriptor(int fd) => Finish(PutNumber(Put(0, _ownFd.AsSpan(0, _ownFdLength)), fd));

    /// <summary>Any path, with its NUL.</summary>
    public ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> path) => Finish(Put(0, path));

    private int PutStart(int dirFd) => PutStart(Put(0, _thread.AsSpan(0, _threadLength)), dirFd);

    private int PutStart(int length, int dirFd) => dirFd == Files.AT_FDCWD ? Put(length, "cwd"u8) : PutNumber(Put(length, "fd/"u8), dirFd);

    private int Put(int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_scratch.AsSpan(at));
        return at + bytes.Length;
    }

    private int PutNumber(int at, int number)
    {
        Utf8Formatter.TryFormat(number, _scratch.AsSpan(at), out var length);
        return at + length;
    }

    private ReadOnlySpan<byte> Finish(int length)
    {
        _scratch[length] = 0;
        return _scratch.AsSpan(0, length + 1);
    }
}
