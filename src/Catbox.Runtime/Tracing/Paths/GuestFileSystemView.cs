using System.Buffers.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;
using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>The real file system through a guest's eyes: handles are O_PATH descriptors of the tracer, which neither block nor open a device.</summary>
/// <param name="proc">Spells the names under /proc.</param>
/// <param name="deep">Names what the kernel does not; one a loop.</param>
/// <param name="credentials">Where the thread may have a guest's credentials when it asks: with those it could not name everything.</param>
/// <param name="far">Where the thread may not wait: then what a server would have to be asked for is EAGAIN, and <see cref="MetFar"/> says so.</param>
internal sealed class GuestFileSystemView(ProcPaths proc, DeepNames deep, CredentialSwitch? credentials = null, FarMemory? far = null) : IFileSystemView
{
    private const int Flags = Files.O_PATH | Files.O_CLOEXEC;
    private const int OwnerMayWrite = 0x80;

    private readonly byte[] _text = new byte[PathLimits.PathMax + 1];
    private readonly ResolvedPath _place = new();

    /// <summary>Something would have had to be asked of a file system that may not answer.</summary>
    public bool MetFar { get; set; }

    /// <summary>Whether there are such file systems, and this view keeps away from them.</summary>
    public bool KeepsNear => far is { Mounts.Any: true };

    /// <summary>The guest's root where it is not the tracer's own; -1 otherwise. Borrowed.</summary>
    public int RootFd { get; set; } = -1;

    private static ReadOnlySpan<byte> DeletedSuffix => " (deleted)"u8;

    public Errno OpenRoot(out int handle) => RootFd < 0
        ? Files.Open(Files.AT_FDCWD, "/\0"u8, Flags, out handle)
        : Files.Open(RootFd, ".\0"u8, Flags, out handle);

    public Errno OpenStart(int dirFd, out int handle) => OpenStart(proc.Tid, dirFd, out handle);

    /// <summary>Where a look-up of another task would start, such as the leader's: what <c>/proc/self/cwd</c> and <c>/proc/self/fd/N</c> lead to.</summary>
    public Errno OpenStart(int task, int dirFd, out int handle)
    {
        if (KeepsNear && LeadsFar(proc.Start(task, dirFd)))
        {
            return Meet(out handle);
        }

        var errno = Files.Open(Files.AT_FDCWD, proc.Start(task, dirFd), Flags, out handle);
        return AsDescriptorError(errno, dirFd);
    }

    public Errno OpenEntry(int directory, ReadOnlySpan<byte> name, out int handle) => KeepsNear && LeadsFar(proc.OwnDescriptor(directory), name)
        ? OpenCached(directory, name, out handle)
        : Files.Open(directory, proc.Plain(name), Flags | Files.O_NOFOLLOW, out handle);

    /// <summary>Opens an entry where the server need not be asked, since what it said last still holds (RESOLVE_CACHED, Linux 5.12).</summary>
    public Errno OpenCached(int directory, ReadOnlySpan<byte> name, out int handle) =>
        Files.Open2(directory, proc.Plain(name), Flags | Files.O_NOFOLLOW, Files.RESOLVE_CACHED, out handle).IsSuccess ? Errno.None : Meet(out handle);

    public Errno OpenParent(int directory, out int handle)
    {
        // The kernel knows the tracer's root by itself and stays there; another root has to be recognised.
        if (RootFd >= 0)
        {
            handle = -1;
            var errno = Files.Stat(directory, "\0"u8, Files.AT_EMPTY_PATH, out var here);
            if (!errno.IsSuccess)
            {
                return errno;
            }

            errno = Files.Stat(RootFd, "\0"u8, Files.AT_EMPTY_PATH, out var root);
            if (!errno.IsSuccess)
            {
                return errno;
            }

            if (IsSameFile(here, root) && here.stx_mnt_id == root.stx_mnt_id)
            {
                return OpenRoot(out handle);
            }
        }

        return Files.Open(directory, "..\0"u8, Flags, out handle);
    }

    public Errno Identify(int handle, out FileIdentity identity)
    {
        var errno = Files.Stat(handle, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out var stat);
        identity = errno.IsSuccess ? new FileIdentity(KindOf(stat.stx_mode), stat.Device, stat.stx_ino) : default;
        return errno;
    }

    public Errno ReadLink(int directory, ReadOnlySpan<byte> name, int link, Span<byte> text, out int length, out bool isMagic)
    {
        isMagic = false;
        length = 0;
        if (KeepsNear && LeadsFar(proc.OwnDescriptor(link)))
        {
            return Meet(out _);
        }

        // A server of FUSE need not know statfs; procfs does.
        _ = Files.IsOnProcFs(link, out var isOnProcFs);
        Errno errno;
        if (isOnProcFs && !name.SequenceEqual("self"u8) && !name.SequenceEqual("thread-self"u8))
        {
            // Only a magic link makes the kernel say ELOOP here: the plain ones of procfs (mounts, net) lead to plain things.
            errno = Files.Open2(directory, proc.Plain(name), Flags, Files.RESOLVE_NO_MAGICLINKS, out var target);
            if (errno.IsSuccess)
            {
                Io.Close(target);
            }

            isMagic = errno == Errno.ELOOP;
            if (isMagic)
            {
                return Errno.None;
            }

            if (errno == Errno.EPERM || errno == Errno.ENOSYS)
            {
                // openat2 itself is missing or filtered: what the link is cannot be told.
                return errno;
            }
        }

        errno = Files.ReadLink(link, "\0"u8, text, out length);
        if (!errno.IsSuccess || !isOnProcFs)
        {
            return errno;
        }

        return name.SequenceEqual("self"u8) || name.SequenceEqual("thread-self"u8) ? AsGuests(text, ref length) : Errno.None;
    }

    public Errno OpenMagic(int directory, ReadOnlySpan<byte> name, out int handle, out MagicLink link)
    {
        link = default;
        var errno = Files.Stat(directory, proc.Plain(name), Files.AT_SYMLINK_NOFOLLOW, out var stat);
        if (!errno.IsSuccess)
        {
            handle = -1;
            return errno;
        }

        if (KeepsNear && Files.ReadLink(directory, proc.Plain(name), _text, out var target).IsSuccess && IsFar(_text.AsSpan(0, target)))
        {
            return Meet(out handle);
        }

        errno = Files.Open(directory, proc.Plain(name), Flags, out handle);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        errno = Files.ReadLink(Files.AT_FDCWD, proc.OwnDescriptor(directory), _text, out var length);
        if (!errno.IsSuccess)
        {
            Io.Close(handle);
            return errno;
        }

        var owner = OwnerOf(_text.AsSpan(0, length), out var isTable);
        var isNumber = Utf8Parser.TryParse(name, out int number, out var consumed) && consumed == name.Length;
        var descriptor = isTable && isNumber && owner > 0 ? number : -1;
        var mayWrite = (stat.stx_mode & OwnerMayWrite) != 0;
        if (mayWrite && descriptor >= 0 && MayBeNameless(handle))
        {
            mayWrite = DescriptorInfo.IsOpenForWriting(owner, descriptor, handle);
        }

        link = new MagicLink(descriptor, owner, mayWrite);
        return Errno.None;
    }

    /// <summary>Whether no path may lead to an object; then what is known of the link decides what may be done with it.</summary>
    private static bool MayBeNameless(int handle)
    {
        var errno = Files.Stat(handle, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out var stat);
        return !errno.IsSuccess || KindOf(stat.stx_mode) switch
        {
            FileKind.Directory or FileKind.CharacterDevice or FileKind.BlockDevice or FileKind.Symlink => false,
            FileKind.Regular => stat.stx_nlink == 0,
            _ => true,
        };
    }

    public Errno GetPath(int handle, ResolvedPath into, out bool isNamed) => GetPath(proc.OwnDescriptor(handle), into, out isNamed);

    /// <summary>The canonical path behind a magic link: one call, and up to three more where its text could mean two things.</summary>
    /// <param name="link">With its NUL, as <see cref="ProcPaths"/> spells it.</param>
    /// <param name="into">Receives the path.</param>
    /// <param name="isNamed">False for what has no name (any more).</param>
    public Errno GetPath(ReadOnlySpan<byte> link, ResolvedPath into, out bool isNamed)
    {
        isNamed = false;
        var errno = Files.ReadLink(Files.AT_FDCWD, link, _text, out var length);
        if (errno == Errno.ENAMETOOLONG)
        {
            return far is { KeepsFromDeepNames: true } ? Meet(out _) : GetDeepPath(link, into, out isNamed);
        }

        if (!errno.IsSuccess)
        {
            return errno;
        }

        var text = _text.AsSpan(0, length);
        // d_path writes a slash in front of every name; pipe:[12] and the like come from d_dname.
        isNamed = text.StartsWith("/"u8);
        if (isNamed && text.EndsWith(DeletedSuffix))
        {
            if (IsFar(text))
            {
                return Meet(out _);
            }

            errno = Disambiguate(link, ref text, out isNamed);
        }

        into.Set(text);
        return errno;
    }

    public void Close(int handle) => Io.Close(handle);

    /// <summary>What only a server could say.</summary>
    public Errno Meet(out int handle)
    {
        handle = -1;
        MetFar = true;
        return Errno.EAGAIN;
    }

    /// <summary>Whether an entry of a directory may not answer; with no name, the directory.</summary>
    public bool IsFar(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name = default) => far is not null && far.Mounts.Hold(directory, name);

    /// <summary>Whether an entry of the directory that a magic link leads to may not answer; with no name, what it leads to. The link alone is read.</summary>
    private bool LeadsFar(ReadOnlySpan<byte> link, ReadOnlySpan<byte> name = default)
    {
        if (far is { Mounts.IsBusy: true })
        {
            return true;
        }

        var errno = Files.ReadLink(Files.AT_FDCWD, link, _text, out var length);
        if (errno == Errno.ENAMETOOLONG)
        {
            // Deeper than PATH_MAX: one that cannot be named may be anywhere.
            return !GetDeepPath(link, _place, out _).IsSuccess || IsFar(_place.Canonical);
        }

        return errno.IsSuccess && IsFar(_text.AsSpan(0, length), name);
    }

    private Errno GetDeepPath(ReadOnlySpan<byte> link, ResolvedPath into, out bool isNamed)
    {
        // The link stands in the scratch that the next one is spelled in.
        Span<byte> kept = stackalloc byte[ProcPath.Size];
        link.CopyTo(kept);
        var errno = Name(kept, into, out isNamed);
        if (errno == Errno.ENAMETOOLONG && Name(proc.Start(Files.AT_FDCWD), into, out _).IsSuccess)
        {
            // What was opened without being judged is perhaps where the guest stands: that is known by now.
            errno = Name(kept, into, out isNamed);
        }

        return errno;
    }

    private Errno Name(ReadOnlySpan<byte> link, ResolvedPath into, out bool isNamed)
    {
        isNamed = false;
        var errno = Files.Open(Files.AT_FDCWD, link, Flags, out var fd);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        if (credentials is null)
        {
            errno = deep.Write(fd, into, out isNamed);
        }
        else
        {
            var named = false;
            errno = credentials.AsTracer(() => deep.Write(fd, into, out named));
            isNamed = named;
        }

        Io.Close(fd);
        return errno;
    }

    /// <summary>EBADF is what a guest gets for a descriptor that it has not; /proc says ENOENT.</summary>
    public static Errno AsDescriptorError(Errno errno, int fd) =>
        fd != Files.AT_FDCWD && (errno == Errno.ENOENT || errno == Errno.ESRCH) ? Errno.EBADF : errno;

    /// <summary>S_IFMT as a kind.</summary>
    public static FileKind KindOf(ushort mode) => (mode & 0xf000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xa000 => FileKind.Symlink,
        0x2000 => FileKind.CharacterDevice,
        0x6000 => FileKind.BlockDevice,
        0x1000 => FileKind.Fifo,
        0xc000 => FileKind.Socket,
        _ => FileKind.Anonymous,
    };

    /// <summary>
    /// <c>/a/x (deleted)</c> is a file of that name, a file <c>/a/x</c> whose cached name was dropped (network file systems do that), or a
    /// removed one. Device and inode tell. Link counts alone do not: overlayfs shows 1 for a removed directory.
    /// </summary>
    private Errno Disambiguate(ReadOnlySpan<byte> link, ref Span<byte> text, out bool isNamed)
    {
        isNamed = false;
        // The link may stand in the scratch that Plain writes to: it goes first.
        var errno = Files.Stat(Files.AT_FDCWD, link, 0, out var stat);
        if (!errno.IsSuccess)
        {
            return errno;
        }

        if (IsAt(text, stat))
        {
            isNamed = true;
            return Errno.None;
        }

        var stripped = text[..^DeletedSuffix.Length];
        // A file with other names is judged by the one that it was opened by.
        if (IsAt(stripped, stat) || (stat.stx_nlink > 0 && KindOf(stat.stx_mode) != FileKind.Directory))
        {
            text = stripped;
            isNamed = true;
        }

        return Errno.None;
    }

    private bool IsAt(ReadOnlySpan<byte> path, in Files.statx_buf expected) =>
        Files.Stat(Files.AT_FDCWD, proc.Plain(path), Files.AT_SYMLINK_NOFOLLOW, out var found).IsSuccess && IsSameFile(found, expected);

    internal static bool IsSameFile(in Files.statx_buf a, in Files.statx_buf b) =>
        a.stx_ino == b.stx_ino && a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor;

    /// <summary>Puts the guest's number where <c>/proc/self</c> and <c>/proc/thread-self</c> have the tracer's.</summary>
    private Errno AsGuests(Span<byte> text, ref int length)
    {
        var read = text[..length];
        var isThread = read.IndexOf((byte)'/') >= 0;
        // A procfs of another pid namespace numbers us, and the guest, otherwise: nothing to translate by.
        if (!(isThread ? read[..read.IndexOf((byte)'/')] : read).SequenceEqual(proc.Own))
        {
            return Errno.EACCES;
        }

        Utf8Formatter.TryFormat(proc.Pid, text, out length);
        if (isThread)
        {
            "/task/"u8.CopyTo(text[length..]);
            length += "/task/"u8.Length;
            Utf8Formatter.TryFormat(proc.Tid, text[length..], out var digits);
            length += digits;
        }

        return Errno.None;
    }

    /// <summary>
    /// Whose a directory of procfs is, wherever that is mounted: <c>…/PID</c>, <c>…/PID/fd</c>, <c>…/PID/task/TID/fd</c>, <c>…/PID/map_files</c>. It is the task that the kernel
    /// asks for its files (get_proc_task, fs/proc): a thread in a directory of its own, the leader in that of the process.
    /// </summary>
    /// <param name="directory">Its canonical path.</param>
    /// <param name="isTable">Whether its entries are descriptors.</param>
    /// <returns>The task in the path, or -1.</returns>
    private static int OwnerOf(ReadOnlySpan<byte> directory, out bool isTable)
    {
        isTable = directory.EndsWith("/fd"u8);
        var owner = isTable ? directory[..^"/fd"u8.Length] : directory.EndsWith("/map_files"u8) ? directory[..^"/map_files"u8.Length] : directory;
        var text = owner[(owner.LastIndexOf((byte)'/') + 1)..];
        return Utf8Parser.TryParse(text, out int task, out var consumed) && consumed == text.Length ? task : -1;
    }
}
