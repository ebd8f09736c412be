using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Far;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// Makes judged calls in a guest's place. One instance a thread: the credentials that it gives away and takes back are that thread's. The loop has one for itself, and one for
/// each of its <see cref="BehalfHand"/>s.
/// </summary>
/// <remarks>
/// <para>Nothing is read twice: paths were read for the judgement, what else lies in memory (an attribute's value, times, a link's text) is read here, once. What was
/// judged is held by a descriptor (<see cref="JudgedPin"/>), and the call is made on that.</para>
/// <para>The kernel calls of the tracer, on a local file system and with the guest's credentials its own: openat2, the call, close; statx in between for an inode
/// (is it the one that was judged?) and for a name that is not there yet (may its file system stall?); status opened, read and closed for mkdir and mknod (the
/// umask), and before every call once a guest of the session has given up privileges of the tracer.</para>
/// <para>Ideas that failed: keeping status open (its reading is what costs: 20 µs); taking the umask from the mode (default ACLs ignore the umask, not the mode);
/// pidfd_getfd for every descriptor (closing the copy gives up POSIX locks that the host holds on the file, and flushes it).</para>
/// </remarks>
internal sealed partial class CallsOnBehalf : ICallsOnBehalf
{
    /// <summary>After so many in a row the path is never still, and the call fails with ESTALE, as a look-up does that the kernel gives up on.</summary>
    private const int MaxRetries = 64;

    private readonly TracerLoop _loop;
    private readonly ProcPaths _proc = new();
    private readonly JudgedPin _first;
    private readonly JudgedPin _second;
    private readonly ThreadCredentials _own = new();
    private readonly ThreadCredentials _guest = new();
    private readonly CredentialSwitch _switch;
    private readonly LocalFileSystems _fileSystems;
    private readonly FarMounts _far;
    private readonly ulong _ownFileSizeLimit;
    private readonly bool _hasOwnUmask;
    private Tracee? _tracee;
    private bool _asGuest;
    private bool _waits;
    private bool _exceedsFileSize;
    private bool _hasLostCredentials;
    private ulong _fileSizeLimit;

    private CallsOnBehalf(TracerLoop loop, DeepNames deep, LocalFileSystems fileSystems, FarMounts far)
    {
        _loop = loop;
        _fileSystems = fileSystems;
        _far = far;
        _hasOwnUmask = Credentials.PartFileSystemState().IsSuccess;
        Check("read /proc/thread-self/status", _own.Read("/proc/thread-self/status\0"u8));
        Check("prlimit64", Credentials.FileSizeLimit(0, out _ownFileSizeLimit));
        _switch = new CredentialSwitch(_own);
        var view = new GuestFileSystemView(_proc, deep, _switch);
        _first = new JudgedPin(_proc, view);
        _second = new JudgedPin(_proc, view);
    }

    /// <summary>Makes one for the calling thread, whose working directory, root and umask are its own from then on.</summary>
    /// <exception cref="SandboxLaunchException">The kernel does not let it.</exception>
    public static CallsOnBehalf ForThisThread(TracerLoop loop, DeepNames deep, LocalFileSystems fileSystems, FarMounts far) =>
        new(loop, deep, fileSystems, far);

    /// <summary>From now on calls are those of this thread.</summary>
    public CallsOnBehalf Bind(Tracee? tracee)
    {
        _tracee = tracee;
        return this;
    }

    /// <summary>
    /// A launch: what was learned of mounts may be old, and the stub takes working directory and umask from this thread, which should be those that the host has now.
    /// </summary>
    public void Refresh()
    {
        _fileSystems.Forget();
        if (!_hasOwnUmask)
        {
            return;
        }

        // Where the host's first thread has ended they cannot be had, and stay.
        _ = Credentials.ChangeDirectory("/proc/self/cwd\0"u8);
        if (_guest.Read("/proc/self/status\0"u8).IsSuccess && _guest.Umask != _own.Umask)
        {
            _own.TakeUmask(_guest);
            _ = Credentials.SetUmask(_own.Umask);
        }
    }

    /// <inheritdoc/>
    public BehalfOutcome Perform(GuestCall call, out long result)
    {
        var (request, judgement) = (call.Request, call.Judgement);
        if (!_loop.IsLoopThread)
        {
            throw new InvalidOperationException("a call on a guest's behalf must be made on the tracer thread");
        }

        if (_tracee is not { } tracee)
        {
            // Gone between its stop and now.
            result = -Errno.ESRCH.Value;
            return BehalfOutcome.Done;
        }

        if (_far.Hold(judgement.First.Canonical) || (request.OperandCount > 1 && _far.Hold(judgement.Second.Canonical)))
        {
            result = 0;
            return BehalfOutcome.AsItStands;
        }

        // What can make a path lead elsewhere. What is made or removed at its end cannot.
        var operation = BehalfCalls.OperationOf(request);
        if (operation is BehalfOperation.Rename or BehalfOperation.Link or BehalfOperation.Symlink && _loop.HoldsOff(tracee))
        {
            result = 0;
            return BehalfOutcome.Waits;
        }

        if (operation == BehalfOperation.SetOwner)
        {
            return SetOwner(request, judgement, tracee, out result);
        }

        if (_loop.HandsOver(tracee))
        {
            return _loop.HandOver(operation, call, tracee, out result);
        }

        var state = Prepare(operation, request, tracee, out result) ? Make(operation, request, judgement, tracee, out result) : PinState.Fails;
        return Conclude(tracee, state, ref result);
    }

    /// <summary>What the loop thread alone may ask: the arguments in memory, and whose credentials they are.</summary>
    /// <returns>False where there is nothing left to be done: <paramref name="result"/> is the call's.</returns>
    internal bool Prepare(BehalfOperation operation, SyscallRequest request, Tracee tracee, out long result)
    {
        _tracee = tracee;
        _proc.Bind(tracee.Process.Pid, tracee.Tid);
        _waits = _exceedsFileSize = false;
        result = ReadArguments(operation, request, tracee);
        if (result != 0 || LeavesTimes(operation))
        {
            return false;
        }

        if (!TryKnowGuest(operation, tracee))
        {
            result = -Errno.EPERM.Value;
            return false;
        }

        return true;
    }

    /// <summary>Makes the call, on the thread that this instance is for.</summary>
    internal PinState Make(BehalfOperation operation, SyscallRequest request, Judgement judgement, Tracee tracee, out long result)
    {
        try
        {
            return MakeHeld(operation, request, judgement, tracee, out result);
        }
        finally
        {
            _first.Release();
            _second.Release();
            _hasLostCredentials |= !_switch.Leave();
        }
    }

    /// <summary>What follows from it, on the loop thread.</summary>
    /// <param name="tracee">Null where it has gone meanwhile.</param>
    /// <param name="state">How it went.</param>
    /// <param name="result">What the guest gets.</param>
    internal BehalfOutcome Conclude(Tracee? tracee, PinState state, ref long result)
    {
        if (_hasLostCredentials)
        {
            _loop.Fail("take back the tracer's credentials", Errno.EPERM);
        }

        if (tracee is null)
        {
            return BehalfOutcome.Done;
        }

        if (_exceedsFileSize)
        {
            Credentials.SignalFileSize(tracee.Process.Pid, tracee.Tid);
        }

        if (_waits)
        {
            return BehalfOutcome.AsItStands;
        }

        if (state != PinState.Moved)
        {
            tracee.Retries = 0;
            return BehalfOutcome.Done;
        }

        if (++tracee.Retries < MaxRetries)
        {
            return BehalfOutcome.JudgeAgain;
        }

        tracee.Retries = 0;
        result = -Errno.ESTALE.Value;
        return BehalfOutcome.Done;
    }

    /// <summary>Mounts may be others by now; on the thread that this instance is for.</summary>
    internal void ForgetMounts() => _fileSystems.Forget();

    private PinState MakeHeld(BehalfOperation operation, SyscallRequest request, Judgement judgement, Tracee tracee, out long result)
    {
        result = 0;
        if (operation is BehalfOperation.Truncate or BehalfOperation.TruncateDescriptor)
        {
            // By the tracer's rights: another's limits are not everybody's to read.
            result = -FileSizeLimits.Read(tracee.Process.Pid, out _fileSizeLimit).Value;
        }

        if (result == 0 && operation is BehalfOperation.TruncateDescriptor or BehalfOperation.SetInodeFlags)
        {
            // The copy, and not an O_PATH descriptor for the same object: what it was opened for counts.
            result = -Credentials.CopyDescriptor(tracee.Process.Pid, tracee.Tid, request.First.DirFd, out var copy).Value;
            _first.Hold(copy);
        }
        else if (NeedsOpenFile(request) && IsOpenedAsPathOnly(request.First.DirFd))
        {
            result = -Errno.EBADF.Value;
        }

        if (result != 0 || (_asGuest && !TryBecomeGuest(request, judgement, out result)))
        {
            return PinState.Fails;
        }

        return operation switch
        {
            BehalfOperation.Rename => Rename(request, judgement, out result),
            BehalfOperation.Link => Link(request, judgement, out result),
            BehalfOperation.MakeDirectory or BehalfOperation.MakeNode or BehalfOperation.Unlink or BehalfOperation.RemoveDirectory or BehalfOperation.Symlink
                => ChangeEntry(operation, request, judgement.First, out result),
            BehalfOperation.RemoveQueue => RemoveQueue(request, out result),
            BehalfOperation.TruncateDescriptor or BehalfOperation.SetInodeFlags => ChangeThroughCopy(operation, request, judgement.First, out result),
            _ => ChangeInode(operation, request, judgement.First, out result),
        };
    }

    /// <summary>
    /// Finds out by whose credentials the call goes. Asking costs more than the call (the kernel writes a page of text), so nobody is asked as long as no guest of the
    /// session has made a call that changes them (<see cref="RequestShape.Credentials"/>); but the umask is asked each time that it counts.
    /// </summary>
    /// <returns>False where that cannot be told.</returns>
    private bool TryKnowGuest(BehalfOperation operation, Tracee tracee)
    {
        _asGuest = false;
        var session = tracee.Process.Session;
        var areKnown = _own.IsPlain || session.Credentials == GuestCredentials.TheTracers;
        if (areKnown && operation is not (BehalfOperation.MakeDirectory or BehalfOperation.MakeNode))
        {
            return true;
        }

        Span<byte> path = stackalloc byte[ProcPath.Size];
        if (!_guest.Read(ProcPath.Write(path, tracee.Tid, "/status"u8)).IsSuccess)
        {
            return false;
        }

        if (!areKnown)
        {
            _asGuest = !_guest.ActsAs(_own);
            if (session.Credentials == GuestCredentials.Unknown)
            {
                session.Credentials = _asGuest ? GuestCredentials.Various : GuestCredentials.TheTracers;
            }
        }

        return true;
    }

    /// <summary>Opens what needs the tracer's credentials, and takes the guest's.</summary>
    private bool TryBecomeGuest(SyscallRequest request, Judgement judgement, out long result)
    {
        var error = _first.Fd >= 0 ? Errno.None : _first.OpenStart(request.First, judgement.First);
        if (error.IsSuccess && request.OperandCount > 1)
        {
            error = _second.OpenStart(request.Second, judgement.Second);
        }

        if (error.IsSuccess && !_switch.TryEnter(_guest))
        {
            error = Errno.EPERM;
        }

        result = -error.Value;
        return error.IsSuccess;
    }

    /// <summary>Whether a call on what a pin holds could wait for a server. Then nothing is asked of it.</summary>
    private bool MayStall(JudgedPin pin, ResolvedPath judged, bool isStated)
    {
        if (pin.Fd == Files.AT_FDCWD || (judged.Inode != 0 && _fileSystems.IsKnownLocal(judged.Device)))
        {
            return false;
        }

        if (!isStated && !pin.Stat().IsSuccess)
        {
            return _waits = true;
        }

        return _waits = !_fileSystems.IsLocal(
            pin.Status.Device, pin.Status.stx_mnt_id, judged.Kind != FileKind.Anonymous || judged.Canonical.StartsWith("/"u8));
    }

    private static void Check(string operation, Errno errno)
    {
        if (!errno.IsSuccess)
        {
            throw new SandboxLaunchException($"{operation}: {errno}", operation, 0, errno);
        }
    }
}
