using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// Gets hold of what one operand was judged to be: the directory of a name, or an object. One instance an operand, reused; nothing is allocated.
/// </summary>
/// <remarks>
/// <para>The usual way is one call: openat2 of the canonical path with RESOLVE_NO_SYMLINKS. That path was judged, so whatever is found there without a link on the way
/// is what the rules allow.</para>
/// <para>It does not do where the guest could walk and the tracer cannot (a working directory below one that may not be searched any more), and
/// where the tracer could and the guest cannot (it has other credentials now). There the path is opened as the guest gave it, from where its look-up starts and with
/// its credentials, and the name of what was found must be the canonical path.</para>
/// </remarks>
internal sealed class JudgedPin(ProcPaths proc, GuestFileSystemView view)
{
    private const int DirectoryFlags = Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC;

    private readonly byte[] _name = new byte[PathLimits.NameMax + 2];
    private readonly ResolvedPath _found = new();
    private Files.statx_buf _stat;
    private int _nameLength;
    private int _start = -1;
    private int _opened = -1;

    /// <summary>The object, or the directory; AT_FDCWD where the name is <c>/</c>.</summary>
    public int Fd { get; private set; } = -1;

    /// <summary>What <see cref="Stat"/> told.</summary>
    public ref readonly Files.statx_buf Status => ref _stat;

    /// <summary>The last component with the slash that followed it and a NUL.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>Why it <see cref="PinState.Fails"/>.</summary>
    public Errno Error { get; private set; }

    /// <summary>
    /// Opens with the tracer's credentials what needs them: where the guest's look-up starts, or the object behind its descriptor. Before the guest's are
    /// taken.
    /// </summary>
    public Errno OpenStart(in PathOperand operand, ResolvedPath judged)
    {
        var descriptor = Descriptor(operand, judged, out var task);
        if (descriptor >= 0)
        {
            return OpenDescriptor(task, descriptor);
        }

        var given = operand.Path.Span;
        if (!given.StartsWith("/"u8))
        {
            return view.OpenStart(operand.DirFd, out _start);
        }

        if (IsFromStart(given, out task, out var dirFd, out _))
        {
            // Where this fails the path is looked up as it stands, and fails there.
            _ = view.OpenStart(task, dirFd, out _start);
        }

        return Errno.None;
    }

    /// <summary>Whether an absolute path begins with a magic link of the guest's thread or of its leader, which the tracer cannot follow in its place.</summary>
    private bool IsFromStart(ReadOnlySpan<byte> given, out int task, out int dirFd, out ReadOnlySpan<byte> rest) =>
        MagicStart.TrySplit(given, proc.Pid, proc.Tid, out task, out dirFd, out rest);

    /// <summary>Pins the directory of a name. Last components that name no entry (<c>.</c>, <c>..</c>, <c>/</c>) stay as they are: with them every call fails.</summary>
    public PinState PinParent(in PathOperand operand, ResolvedPath judged, bool asGuest)
    {
        var given = operand.Path.Span;
        PathSyntax.Split(given, out var parent, out var last, out var trailing);
        if (last.IsEmpty)
        {
            Fd = Files.AT_FDCWD;
            return SetName("/"u8, false);
        }

        var canonical = judged.Canonical;
        PinState state;
        if (PathSyntax.IsDots(last))
        {
            parent = given;
            state = SetName(last, false);
        }
        else
        {
            var slash = canonical.LastIndexOf(PathSyntax.Slash);
            state = SetName(canonical[(slash + 1)..], trailing);
            canonical = canonical[..Math.Max(slash, 1)];
        }

        if (state == PinState.Pinned)
        {
            state = Open(operand.DirFd, parent, canonical, judged, DirectoryFlags, asGuest);
        }

        return state == PinState.Fails && Error == Errno.ENOENT ? PinState.Moved : state;
    }

    /// <summary>Pins an object, and compares it with what was judged.</summary>
    public PinState PinObject(in PathOperand operand, ResolvedPath judged, bool asGuest)
    {
        var descriptor = Descriptor(operand, judged, out var task);
        if (descriptor >= 0)
        {
            return PinDescriptor(task, descriptor, judged);
        }

        var given = operand.IsDescriptor ? "."u8 : operand.Path.Span;
        var flags = Files.O_PATH | Files.O_CLOEXEC | (operand.Follow ? 0 : Files.O_NOFOLLOW) | (judged.TrailingSlash ? Files.O_DIRECTORY : 0);
        var state = judged.Kind == FileKind.Anonymous
            ? OpenGiven(proc.Tid, operand.DirFd, given, flags, 0)
            : Open(operand.DirFd, given, judged.Canonical, judged, flags, asGuest);
        if (state == PinState.Fails && Error == Errno.ENOENT)
        {
            return judged.Exists ? PinState.Moved : state;
        }

        return state == PinState.Pinned ? Compare(judged) : state;
    }

    /// <summary>Takes over a copy of the descriptor that was judged, or nothing (-1).</summary>
    public void Hold(int copy) => Fd = _opened = copy;

    /// <summary>Compares what is held with what was judged.</summary>
    public PinState PinHeld(ResolvedPath judged) => PinDescriptor(proc.Tid, -1, judged);

    /// <summary>Device, inode, kind, size and mount of what is held. Nobody is asked for anything: a server need not answer.</summary>
    public Errno Stat() => Files.Stat(Fd, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out _stat);

    /// <summary>Lets go.</summary>
    public void Release()
    {
        if (_opened >= 0)
        {
            Io.Close(_opened);
            _opened = -1;
        }

        if (_start >= 0)
        {
            Io.Close(_start);
            _start = -1;
        }

        Fd = -1;
    }

    /// <summary>Takes over another descriptor for the same object, which is closed with the rest.</summary>
    public void Replace(int fd)
    {
        Io.Close(_opened);
        Fd = _opened = fd;
    }

    /// <summary>The guest's descriptor that an operand is about, or -1. One that others have is looked up by its canonical path, as the guest may.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="judged">What it was judged to be.</param>
    /// <param name="task">In whose table: the calling thread's or its leader's.</param>
    private int Descriptor(in PathOperand operand, ResolvedPath judged, out int task)
    {
        task = proc.Tid;
        if (operand is { IsDescriptor: true, DirFd: >= 0 })
        {
            return operand.DirFd;
        }

        if (operand.Kind is ArgKind.PathCreate or ArgKind.PathRemove || (judged.ThroughProcess != proc.Pid && judged.ThroughProcess != proc.Tid))
        {
            return -1;
        }

        task = judged.ThroughProcess;
        return judged.ThroughDescriptor;
    }

    private Errno OpenDescriptor(int task, int descriptor)
    {
        var error = GuestFileSystemView.AsDescriptorError(
            Files.Open(Files.AT_FDCWD, proc.Start(task, descriptor), Files.O_PATH | Files.O_CLOEXEC, out var fd), descriptor);
        Fd = _opened = error.IsSuccess ? fd : -1;
        return error;
    }

    private PinState PinDescriptor(int task, int descriptor, ResolvedPath judged)
    {
        if (_opened < 0)
        {
            var error = OpenDescriptor(task, descriptor);
            if (!error.IsSuccess)
            {
                return Fail(error);
            }
        }

        // Another thread may have put another file there since: the name tells, or the number of what has no name.
        var state = CompareName(judged.Canonical, judged.Kind != FileKind.Anonymous);
        return state == PinState.Pinned ? Compare(judged) : state;
    }

    private PinState Open(int dirFd, ReadOnlySpan<byte> given, ReadOnlySpan<byte> canonical, ResolvedPath judged, int flags, bool asGuest)
    {
        PinState state;
        if (!asGuest)
        {
            state = OpenCanonical(canonical, flags);
            if (state != PinState.Fails || Error != Errno.EACCES)
            {
                return state;
            }
        }

        var task = proc.Tid;
        if (IsFromStart(given, out var owner, out var start, out var rest) && (!rest.IsEmpty || (flags & Files.O_NOFOLLOW) == 0) && (_start >= 0 || !asGuest))
        {
            task = owner;
            dirFd = start;
            given = rest;
        }

        state = OpenGiven(task, dirFd, given, flags, Files.RESOLVE_NO_MAGICLINKS);
        if (state == PinState.Pinned)
        {
            return CompareName(canonical, isNamed: true);
        }

        if (Error != Errno.ELOOP)
        {
            return state;
        }

        // A magic link farther on the way would lead through the tracer's own /proc/self: what the guest may search is then asked of the canonical path.
        return asGuest ? OpenCanonical(canonical, flags) : Fail(Errno.EACCES);
    }

    private PinState OpenCanonical(ReadOnlySpan<byte> canonical, int flags)
    {
        var error = LongPath.Open(proc, canonical, flags, out var fd);
        if (error == Errno.ELOOP || error == Errno.ENOTDIR)
        {
            return PinState.Moved;
        }

        if (!error.IsSuccess)
        {
            return Fail(error);
        }

        Fd = _opened = fd;
        return PinState.Pinned;
    }

    /// <summary>Opens the path as the guest gave it.</summary>
    private PinState OpenGiven(int task, int dirFd, ReadOnlySpan<byte> given, int flags, ulong resolve)
    {
        var error = Errno.None;
        var isAbsolute = given.StartsWith("/"u8);
        if (!isAbsolute && _start < 0)
        {
            error = view.OpenStart(task, dirFd, out _start);
            if (!error.IsSuccess)
            {
                return Fail(error);
            }
        }

        if (given.IsEmpty)
        {
            // A bare name: its directory is where the look-up starts.
            (Fd, _opened, _start) = (_start, _start, -1);
            return PinState.Pinned;
        }

        error = Files.Open2(isAbsolute ? Files.AT_FDCWD : _start, proc.Plain(given), flags, resolve, out var fd);
        if (!error.IsSuccess)
        {
            return Fail(error);
        }

        Fd = _opened = fd;
        return PinState.Pinned;
    }

    private PinState CompareName(ReadOnlySpan<byte> canonical, bool isNamed)
    {
        var error = view.GetPath(Fd, _found, out var hasName);
        return !error.IsSuccess ? Fail(error) : hasName == isNamed && _found.Canonical.SequenceEqual(canonical) ? PinState.Pinned : PinState.Moved;
    }

    private PinState Compare(ResolvedPath judged)
    {
        var error = Stat();
        if (!error.IsSuccess)
        {
            return Fail(error);
        }

        var isSame = judged.Inode == 0 || (judged.Inode == _stat.stx_ino && judged.Device == _stat.Device);
        return judged.Exists && isSame ? PinState.Pinned : PinState.Moved;
    }

    private PinState SetName(ReadOnlySpan<byte> name, bool slash)
    {
        if (name.Length > PathLimits.NameMax)
        {
            return Fail(Errno.ENAMETOOLONG);
        }

        name.CopyTo(_name);
        _nameLength = name.Length;
        if (slash)
        {
            _name[_nameLength++] = PathSyntax.Slash;
        }

        _name[_nameLength++] = 0;
        return PinState.Pinned;
    }

    private PinState Fail(Errno error)
    {
        Error = error;
        return PinState.Fails;
    }
}
