using System.Buffers.Binary;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.Launching;

/// <summary>
/// Empties a directory that a guest has had, whatever it left there: names that are no text, trees that no path can name, directories that their owner may not write.
/// It goes by descriptors and names of one component, follows no link, and leaves alone what is mounted there.
/// </summary>
/// <remarks>
/// A directory that is not empty is moved up to the top, and emptied there: so two descriptors do for any depth, and there is no way back up that somebody could have changed.
/// </remarks>
/// <param name="budget">At most so many entries are looked at.</param>
internal sealed class TreeRemoval(long budget)
{
    private const uint Own = 0b111_000_000;
    private const uint RENAME_NOREPLACE = 1;
    private const byte DT_DIR = 4;
    private const ulong Inside = Files.RESOLVE_NO_SYMLINKS | Files.RESOLVE_BENEATH | RESOLVE_NO_XDEV;
    private const ulong RESOLVE_NO_XDEV = 0x01;

    private readonly byte[] _topEntries = new byte[1 << 14];
    private readonly byte[] _entries = new byte[1 << 14];
    private long _budget = budget;
    private long _moved;

    /// <summary>What was in the way first: a name, the operation and the error; null where nothing was.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether there was more to do than was allowed.</summary>
    public bool IsExhausted => _budget <= 0;

    /// <summary>Opens a directory for reading, below one of ours; it is given back its owner's rights where they are missing.</summary>
    /// <param name="parent">A descriptor.</param>
    /// <param name="name">One component, with its NUL.</param>
    /// <param name="fd">The directory, -1 on an error: EXDEV where something is mounted there.</param>
    public static Errno Open(int parent, ReadOnlySpan<byte> name, out int fd)
    {
        fd = -1;
        var error = Files.Open2(parent, name, Files.O_PATH | Files.O_DIRECTORY | Files.O_NOFOLLOW | Files.O_CLOEXEC, Inside, out var path);
        if (!error.IsSuccess)
        {
            return error;
        }

        MakeOwn(path);
        error = Files.Open(path, ".\0"u8, Files.O_DIRECTORY | Files.O_CLOEXEC, out fd);
        Io.Close(path);
        return error;
    }

    /// <summary>The same with the rights that it has.</summary>
    public static Errno OpenAsItIs(int parent, ReadOnlySpan<byte> name, out int fd) =>
        Files.Open2(parent, name, Files.O_DIRECTORY | Files.O_NOFOLLOW | Files.O_CLOEXEC, Inside, out fd);

    /// <summary>Empties a directory.</summary>
    /// <param name="top">Opened for reading.</param>
    public void Empty(int top)
    {
        MakeOwn(top);
        Drain(top, top, _topEntries);
    }

    /// <summary>Gives a directory of ours the rights of its owner back, where they are missing.</summary>
    private static void MakeOwn(int fd)
    {
        if (Files.StatOwnership(fd, "\0"u8, Files.AT_EMPTY_PATH, out var stat).IsSuccess && (stat.stx_mode & Own) != Own)
        {
            Span<byte> self = stackalloc byte[ProcPath.Size];
            _ = Changes.ChangeMode(fd, ProcPath.WriteOwnDescriptor(self, fd), (stat.stx_mode | Own) & 0xfff);
        }
    }

    private void Drain(int directory, int top, byte[] entries)
    {
        bool progress;
        do
        {
            progress = false;
            Files.Rewind(directory);
            while (Files.ReadEntries(directory, entries, out var length).IsSuccess && length > 0)
            {
                for (var at = 0; at < length;)
                {
                    // struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name.
                    var size = BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(at + 16));
                    var name = entries.AsSpan(at + 19, size - 19);
                    name = name[..(name.IndexOf((byte)0) + 1)];
                    if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                    {
                        if (_budget-- <= 0)
                        {
                            return;
                        }

                        progress |= Take(directory, name, entries[at + 18] == DT_DIR, top);
                    }

                    at += size;
                }
            }
        }
        while (progress);
    }

    private bool Take(int directory, ReadOnlySpan<byte> name, bool isDirectory, int top)
    {
        var error = isDirectory ? Errno.EISDIR : Answer(Changes.Unlink(directory, name, 0));
        if (error == Errno.EISDIR || (error == Errno.EPERM && IsDirectory(directory, name)))
        {
            error = Answer(Changes.Unlink(directory, name, Changes.AT_REMOVEDIR));
            if (error == Errno.ENOTEMPTY || error == Errno.EEXIST || error == Errno.EACCES)
            {
                error = directory == top ? EmptyBelow(top, name) : Move(directory, name, top);
            }
        }

        if (error.IsSuccess || error == Errno.ENOENT)
        {
            return true;
        }

        Failure ??= $"{PathText.Escape(name[..^1])}: {(error == Errno.EXDEV || error == Errno.EBUSY ? "something is mounted there" : error)}";
        return false;
    }

    private Errno EmptyBelow(int top, ReadOnlySpan<byte> name)
    {
        var error = Open(top, name, out var child);
        if (!error.IsSuccess)
        {
            return error;
        }

        Drain(child, top, _entries);
        Io.Close(child);
        return Answer(Changes.Unlink(top, name, Changes.AT_REMOVEDIR));
    }

    /// <summary>Moves a directory up to the top. Its own rights are asked for too, since its <c>..</c> changes.</summary>
    private Errno Move(int directory, ReadOnlySpan<byte> name, int top)
    {
        Errno error;
        do
        {
            var newName = System.Text.Encoding.ASCII.GetBytes($".catbox-{_moved++}\0");
            error = Answer(Changes.Rename(directory, name, top, newName, RENAME_NOREPLACE));
            if (error == Errno.EACCES)
            {
                error = Open(directory, name, out var own);
                Io.Close(own);
                error = error.IsSuccess ? Answer(Changes.Rename(directory, name, top, newName, RENAME_NOREPLACE)) : error;
            }
        }
        while (error == Errno.EEXIST);
        return error;
    }

    private static bool IsDirectory(int directory, ReadOnlySpan<byte> name) =>
        Files.Stat(directory, name, Files.AT_SYMLINK_NOFOLLOW, out var stat).IsSuccess && GuestFileSystemView.KindOf(stat.stx_mode) == FileKind.Directory;

    private static Errno Answer(long result) => result < 0 ? new Errno((int)-result) : Errno.None;
}
