using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;
using Microsoft.Win32.SafeHandles;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// A file that a host writes as a whole, under a name that its user gave. A regular file, or a name that nothing has yet, gets its content in one step (a file without a name, or with one that
/// nobody else has, is renamed to it), where its directory lets that be. Everything else is written as it is, and never replaced: a device, a pipe, a descriptor of this process's (/dev/stdout, <c>>(...)</c>).
/// A link is followed.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private const uint Mode = 0b110_110_110;
    private const int WriteFlags = Io.O_WRONLY | Files.O_NONBLOCK | Files.O_NOCTTY;

    /// <summary>A reader is waited for five seconds where a named pipe has none.</summary>
    private const int PauseMilliseconds = 20;
    private const int Tries = 250;

    private readonly byte[] _given;
    private readonly byte[] _canonical;
    private readonly byte[] _name;
    private readonly int _directory;
    private int _descriptor;

    private OutputFile(ReadOnlySpan<byte> given, byte[] canonical, int directory, int descriptor)
    {
        _given = [.. given, 0];
        _canonical = canonical;
        _name = [.. canonical.AsSpan(canonical.AsSpan().LastIndexOf((byte)'/') + 1), 0];
        _directory = directory;
        _descriptor = descriptor;
    }

    /// <summary>Whether it is replaced in one step, and can have files beside it; otherwise it is written as it is.</summary>
    public bool IsReplaced => _directory >= 0;

    /// <summary>The canonical path of what is replaced; empty where it is not.</summary>
    public GuestString Path => new(_canonical);

    /// <summary>Looks at a path, and opens what needs no replacing. Nothing is made or changed.</summary>
    /// <param name="path">Bytes.</param>
    /// <param name="file">The file; null on an error.</param>
    /// <returns>The kernel's error: EISDIR for a directory, ENOENT where the directory is missing.</returns>
    public static Errno Open(ReadOnlySpan<byte> path, out OutputFile? file)
    {
        file = null;
        var own = HostFiles.OwnDescriptor(path);
        if (own >= 0)
        {
            return OpenOwn(path, own, out file);
        }

        var error = Files.Stat(Files.AT_FDCWD, [.. path, 0], 0, out var stat);
        var kind = error.IsSuccess ? GuestFileSystemView.KindOf(stat.stx_mode) : FileKind.Unknown;
        if (kind == FileKind.Directory || path.EndsWith("/"u8))
        {
            return error.IsSuccess || error == Errno.ENOENT ? Errno.EISDIR : error;
        }

        if ((!error.IsSuccess && error != Errno.ENOENT) || (error.IsSuccess && kind != FileKind.Regular))
        {
            return error.IsSuccess ? OpenAsItIs(path, out file) : error;
        }

        byte[] canonical;
        try
        {
            canonical = CanonicalPath.Resolve(path);
        }
        catch (CanonicalPathException e)
        {
            return e.Errno;
        }

        var missing = !error.IsSuccess;
        var slash = canonical.AsSpan().LastIndexOf((byte)'/');
        error = LongPath.Open(new ProcPaths(), slash == 0 ? "/"u8 : canonical.AsSpan(0, slash), Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC, out var directory);
        if (!error.IsSuccess)
        {
            return error;
        }

        file = new OutputFile(path, canonical, directory, -1);

        // A file that was removed, and is reached by a descriptor of another process, has no name that could be taken over.
        if (!missing && !(Files.Stat(directory, file._name, Files.AT_SYMLINK_NOFOLLOW, out var named).IsSuccess && named.stx_ino == stat.stx_ino && named.Device == stat.Device))
        {
            file.Dispose();
            return OpenAsItIs(path, out file);
        }

        return Errno.None;
    }

    /// <summary>Makes a file beside it: with its name and a suffix where nothing has that, otherwise with more behind it. It is not made by following a link.</summary>
    /// <param name="suffix">What the name ends with.</param>
    /// <param name="side">The file; null on an error.</param>
    /// <param name="isPlain">Whether its name is the plain one.</param>
    public Errno CreateBeside(ReadOnlySpan<byte> suffix, out SideFile? side, out bool isPlain)
    {
        side = null;
        var name = new byte[_name.Length + suffix.Length];
        _name.CopyTo(name.AsSpan());
        suffix.CopyTo(name.AsSpan(_name.Length - 1));
        var error = CreateNamed(name, Io.O_RDWR, out var descriptor);
        isPlain = error.IsSuccess;
        for (var i = 0; (error == Errno.EEXIST || error == Errno.ENAMETOOLONG) && i < 100; i++)
        {
            name = error == Errno.ENAMETOOLONG ? [.. Unique(), .. suffix, 0] : [.. _name.AsSpan(0, _name.Length - 1), .. suffix, .. Unique().AsSpan(7), 0];
            error = CreateNamed(name, Io.O_RDWR, out descriptor);
        }

        if (error.IsSuccess)
        {
            var parent = _canonical.AsSpan(0, _canonical.AsSpan().LastIndexOf((byte)'/') + 1);
            side = new SideFile(_directory, [.. parent, .. name.AsSpan(0, name.Length - 1)], name, descriptor);
        }

        return error;
    }

    /// <summary>
    /// The same file, to be written as it is: where nothing can be made in its directory (it may not be written, or the file is mounted there by itself).
    /// </summary>
    /// <param name="file">Takes this one's place; null on an error.</param>
    public Errno OpenInPlace(out OutputFile? file) => OpenAsItIs(_given.AsSpan(0, _given.Length - 1), out file);

    /// <summary>Writes the whole content.</summary>
    /// <param name="write">Writes it to a stream; called again where a second way is tried.</param>
    /// <exception cref="IOException">It cannot be written; what was there before is as it was, where it is replaced.</exception>
    public void Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!IsReplaced)
        {
            WriteAsItIs(write);
            return;
        }

        var error = Replace(write, withoutName: true);
        if (!error.IsSuccess)
        {
            error = Replace(write, withoutName: false);
        }

        if (error == Errno.EBUSY || error == Errno.EPERM || error == Errno.EACCES || error == Errno.EROFS)
        {
            // Mounted there by itself, or in a directory whose entries are others'.
            error = OpenInPlace(out var file);
            using (file)
            {
                file?.WriteAsItIs(write);
            }
        }

        Check(error, "rename");
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        Io.Close(_directory);
        Io.Close(_descriptor);
        _descriptor = -1;
    }

    private static Errno OpenOwn(ReadOnlySpan<byte> path, int own, out OutputFile? file)
    {
        file = null;
        if (!Io.IsInherited(own))
        {
            return Errno.EBADF; // none, or one of the host's own
        }

        var error = Files.StatusFlags(own, out var flags);
        if (!error.IsSuccess || (flags & 3) == Io.O_RDONLY || (flags & Files.O_PATH) != 0)
        {
            return Errno.EBADF;
        }

        error = Io.DuplicateHigh(own, out var copy);
        file = error.IsSuccess ? new OutputFile(path, [], -1, copy) : null;
        return error;
    }

    private static Errno OpenAsItIs(ReadOnlySpan<byte> path, out OutputFile? file)
    {
        // Not waiting: a named pipe without a reader is opened when there is something to write, and a terminal line without a carrier never.
        var error = Files.Open(Files.AT_FDCWD, [.. path, 0], WriteFlags | Files.O_CLOEXEC, out var fd);
        var isLater = error == Errno.ENXIO && HostFiles.KindOf(path) == FileKind.Fifo;
        file = error.IsSuccess || isLater ? new OutputFile(path, [], -1, fd) : null;
        return isLater ? Errno.None : error;
    }

    private void WriteAsItIs(Action<Stream> write)
    {
        // The kernel tells nobody that a named pipe has got a reader.
        for (var tries = Tries; _descriptor < 0;)
        {
            var error = Files.Open(Files.AT_FDCWD, _given, WriteFlags | Files.O_CLOEXEC, out _descriptor);
            if (error == Errno.ENXIO && --tries > 0)
            {
                Descriptors.Pause(PauseMilliseconds);
            }
            else if (!error.IsSuccess)
            {
                throw new IOException(error == Errno.ENXIO ? "nobody reads from this pipe" : $"open: {error}");
            }
        }

        if (Files.Stat(_descriptor, "\0"u8, Files.AT_EMPTY_PATH, out var stat).IsSuccess && GuestFileSystemView.KindOf(stat.stx_mode) == FileKind.Regular
            && HostFiles.OwnDescriptor(_given.AsSpan(0, _given.Length - 1)) < 0)
        {
            _ = Changes.Truncate(_descriptor, 0);
        }

        using var buffered = new BufferedStream(new DescriptorStream(_descriptor), 1 << 16);
        write(buffered);
    }

    /// <summary>Makes a file, writes it, and gives it the name. Nothing of it stays where that fails.</summary>
    private Errno Replace(Action<Stream> write, bool withoutName)
    {
        var kept = Files.StatOwnership(_directory, _name, Files.AT_SYMLINK_NOFOLLOW, out var former).IsSuccess;
        if (kept && GuestFileSystemView.KindOf(former.stx_mode) != FileKind.Regular)
        {
            throw new IOException("it is no regular file any more");
        }

        byte[] name = [.. Unique(), 0];
        var error = withoutName ? Files.Create(_directory, ".\0"u8, Files.O_TMPFILE | Io.O_WRONLY, Mode, out var fd) : CreateNamed(name, Io.O_WRONLY, out fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        var isNamed = !withoutName;
        try
        {
            using var handle = new SafeFileHandle(fd, ownsHandle: true);
            using (var stream = new BufferedStream(new DescriptorStream(fd), 1 << 16))
            {
                write(stream);
            }

            Span<byte> self = stackalloc byte[ProcPath.Size];
            var link = ProcPath.WriteOwnDescriptor(self, fd);
            if (kept)
            {
                // As `>` would leave them. Who may not give a file away keeps it.
                _ = Changes.ChangeOwner(fd, former.stx_uid, former.stx_gid);
                _ = Changes.ChangeMode(fd, link, former.stx_mode & 0xfffu);
            }

            if (withoutName)
            {
                error = Answer(Changes.Link(link, _directory, name));
                isNamed = error.IsSuccess;
            }

            if (error.IsSuccess)
            {
                error = Answer(Changes.Rename(_directory, name, _directory, _name, 0));
                isNamed = !error.IsSuccess;
            }

            return error;
        }
        finally
        {
            if (isNamed)
            {
                _ = Changes.Unlink(_directory, name, 0);
            }
        }
    }

    private Errno CreateNamed(ReadOnlySpan<byte> name, int access, out int descriptor) =>
        Files.Create(_directory, name, access | Files.O_CREAT | Files.O_EXCL | Files.O_NOFOLLOW, Mode, out descriptor);

    private static byte[] Unique() => Encoding.ASCII.GetBytes(string.Concat(".catbox-", Guid.NewGuid().ToString("N").AsSpan(0, 16)));

    private static Errno Answer(long result) => result < 0 ? new Errno((int)-result) : Errno.None;

    private static void Check(Errno error, string operation)
    {
        if (!error.IsSuccess)
        {
            throw new IOException($"{operation}: {error}");
        }
    }
}
