using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Tracing.Paths;

/// <summary>
/// Canonical paths that are longer than the kernel says in one piece: readlink of a magic link, like getcwd, answers with a page at the most. One gets below such a directory
/// step by step, and builds and their clean-up do.
/// </summary>
/// <remarks>
/// <para>A directory is named from below: <c>..</c> until one is reached whose path can be read, and in each of those the entry that has the inode one came from. A regular
/// file is mapped for a moment, since the lines of /proc/PID/maps grow with the path (seq_path, fs/seq_file.c). What cannot be mapped (another kind of file, one that may not be
/// read) is looked for in the directories that were named last: somebody made it or opened it there, and that was judged. Whatever is not found so, is not on a local file system, or costs more
/// than <see cref="MaxLevels"/> and <see cref="MaxEntries"/>, stays ENAMETOOLONG.</para>
/// <para>The names are read one after the other, and directories may be moved meanwhile. That is no more than a guest can have by moving them between two calls: each
/// move is judged, and what is judged here is held and named again before it is changed.</para>
/// </remarks>
/// <param name="fileSystems">Which of them answer by themselves.</param>
internal sealed class DeepNames(LocalFileSystems fileSystems)
{
    /// <summary>How far it is climbed.</summary>
    internal const int MaxLevels = 8192;
    /// <summary>How many entries of all directories together are looked at.</summary>
    internal const int MaxEntries = 65536;

    private const int Look = Files.O_PATH | Files.O_CLOEXEC;
    private const int ReadDirectory = Files.O_DIRECTORY | Files.O_CLOEXEC;
    private const int O_NOATIME = 0x40000;

    /// <summary>In how many directories it is looked for a file that cannot be mapped.</summary>
    private const int MaxSeen = 16;

    private readonly ProcPaths _proc = new();
    private readonly LinkedList<byte[]> _seen = [];
    private readonly List<byte[]> _names = [];
    private readonly byte[] _text = new byte[PathLimits.PathMax + 1];
    private byte[]? _entries;
    private int _entriesLeft;

    /// <summary>Writes the canonical path of what one of our descriptors is.</summary>
    /// <param name="fd">Borrowed.</param>
    /// <param name="into">Receives the path.</param>
    /// <param name="isNamed">False for what was removed, whose path is that of the directory which it was in, and <c>(deleted)</c>.</param>
    public Errno Write(int fd, ResolvedPath into, out bool isNamed)
    {
        isNamed = false;
        var error = Stat(fd, out var stat);
        if (!error.IsSuccess)
        {
            return error;
        }

        // An open or a read that waits for a server would hold the loop.
        if (!fileSystems.IsLocal(stat.Device, stat.stx_mnt_id, hasName: true))
        {
            return Errno.ENAMETOOLONG;
        }

        isNamed = stat.stx_nlink != 0;
        var kind = GuestFileSystemView.KindOf(stat.stx_mode);
        if (kind == FileKind.Directory)
        {
            error = Climb(fd, stat, into);
            if (error.IsSuccess && isNamed)
            {
                Remember(into.Canonical);
            }

            return error;
        }

        if (!isNamed)
        {
            into.Set("/"u8);
            into.Append(Removed);
            return Errno.None;
        }

        error = kind == FileKind.Regular ? ReadMapping(fd, stat, into) : Errno.ENAMETOOLONG;
        return error == Errno.ENAMETOOLONG ? SearchSeen(stat, into) : error;
    }

    private static ReadOnlySpan<byte> Removed => "(deleted)"u8;

    private static Errno Stat(int fd, out Files.statx_buf stat) => Files.Stat(fd, "\0"u8, Files.AT_EMPTY_PATH | Files.AT_STATX_DONT_SYNC, out stat);

    private Errno Climb(int fd, Files.statx_buf stat, ResolvedPath into)
    {
        _names.Clear();
        _entriesLeft = MaxEntries;
        var at = fd;
        Errno error;
        do
        {
            error = ClimbOne(at, stat, out var above);
            Leave(at, fd);
            at = above;
            if (!error.IsSuccess)
            {
                break;
            }

            error = Files.ReadLink(Files.AT_FDCWD, _proc.OwnDescriptor(at), _text, out var length);
            if (error.IsSuccess)
            {
                into.Set(_text.AsSpan(0, length));
            }
        }
        while (error == Errno.ENAMETOOLONG && _names.Count < MaxLevels && Stat(at, out stat).IsSuccess);

        Leave(at, fd);
        for (var i = _names.Count - 1; error.IsSuccess && i >= 0; i--)
        {
            into.Append(_names[i]);
        }

        return error;
    }

    /// <summary>Opens the directory above, and adds what it calls this one.</summary>
    private Errno ClimbOne(int at, in Files.statx_buf stat, out int above)
    {
        var error = Files.Open(at, "..\0"u8, Look, out above);
        if (error.IsSuccess && stat.stx_nlink == 0)
        {
            // It is in no directory any more, and still below one.
            _names.Add(Removed.ToArray());
            return Errno.None;
        }

        return error.IsSuccess ? FindName(above, stat) : error;
    }

    private void Remember(ReadOnlySpan<byte> directory)
    {
        for (var node = _seen.First; node is not null; node = node.Next)
        {
            if (directory.SequenceEqual(node.Value))
            {
                _seen.Remove(node);
                _seen.AddFirst(node);
                return;
            }
        }

        _seen.AddFirst(directory.ToArray());
        if (_seen.Count > MaxSeen)
        {
            _seen.RemoveLast();
        }
    }

    private Errno SearchSeen(in Files.statx_buf stat, ResolvedPath into)
    {
        _entriesLeft = MaxEntries;
        foreach (var seen in _seen)
        {
            _names.Clear();
            var error = LongPath.Open(_proc, seen, ReadDirectory, out var directory);
            if (error.IsSuccess && SearchAndClose(directory, stat, byInode: true).IsSuccess)
            {
                into.Set(seen);
                into.Append(_names[0]);
                return Errno.None;
            }
        }

        return Errno.ENAMETOOLONG;
    }

    private static void Leave(int at, int borrowed)
    {
        if (at >= 0 && at != borrowed)
        {
            Io.Close(at);
        }
    }

    /// <summary>Finds what a directory calls one of its directories. Where another file system is mounted on it, its entry has another inode: then all are looked at.</summary>
    private Errno FindName(int above, in Files.statx_buf child)
    {
        var error = Search(above, child, byInode: true);
        if (error == Errno.ENOENT)
        {
            error = Search(above, child, byInode: false);
        }

        // It was moved while it was looked for.
        return error == Errno.ENOENT ? Errno.ENAMETOOLONG : error;
    }

    private Errno Search(int directory, in Files.statx_buf child, bool byInode)
    {
        var error = Files.Open(directory, ".\0"u8, ReadDirectory, out var open);
        return error.IsSuccess ? SearchAndClose(open, child, byInode) : error;
    }

    private Errno SearchAndClose(int directory, in Files.statx_buf child, bool byInode)
    {
        var error = ReadToName(directory, child, byInode);
        Io.Close(directory);
        return error;
    }

    /// <summary><c>struct linux_dirent64</c>: d_ino (8), d_off (8), d_reclen (2), d_type (1), d_name.</summary>
    private Errno ReadToName(int directory, in Files.statx_buf child, bool byInode)
    {
        _entries ??= new byte[32 * 1024];
        Errno error;
        while ((error = Files.ReadEntries(directory, _entries, out var length)).IsSuccess && length > 0)
        {
            int size;
            for (var entry = _entries.AsSpan(0, length); !entry.IsEmpty; entry = entry[size..])
            {
                size = BinaryPrimitives.ReadUInt16LittleEndian(entry[16..]);
                if (--_entriesLeft < 0)
                {
                    return Errno.ENAMETOOLONG;
                }

                var name = entry[19..size];
                name = name[..name.IndexOf((byte)0)];
                if ((byInode && BinaryPrimitives.ReadUInt64LittleEndian(entry) != child.stx_ino) || PathSyntax.IsDots(name))
                {
                    continue;
                }

                if (Files.Stat(directory, _proc.Plain(name), Files.AT_SYMLINK_NOFOLLOW, out var found).IsSuccess && GuestFileSystemView.IsSameFile(found, child))
                {
                    _names.Add(name.ToArray());
                    return Errno.None;
                }
            }
        }

        return error.IsSuccess ? Errno.ENOENT : error;
    }

    private Errno ReadMapping(int fd, in Files.statx_buf stat, ResolvedPath into)
    {
        var error = Files.Open(Files.AT_FDCWD, _proc.OwnDescriptor(fd), Files.O_NONBLOCK | Files.O_CLOEXEC | O_NOATIME, out var file);
        if (error == Errno.EPERM)
        {
            error = Files.Open(Files.AT_FDCWD, _proc.OwnDescriptor(fd), Files.O_NONBLOCK | Files.O_CLOEXEC, out file);
        }

        if (!error.IsSuccess)
        {
            return Errno.ENAMETOOLONG;
        }

        error = Mapping.MapPage(file, out var address);
        if (error.IsSuccess)
        {
            error = FindLine(address, stat, into);
            Mapping.UnmapPage(address);
        }

        Io.Close(file);
        return error.IsSuccess ? error : Errno.ENAMETOOLONG;
    }

    /// <summary><c>start-end perms offset dev inode   name</c>, where a line feed in the name is written <c>\012</c> and a backslash as it is.</summary>
    private Errno FindLine(nuint address, in Files.statx_buf stat, ResolvedPath into)
    {
        ReadOnlySpan<byte> text = ReadMaps();
        Span<byte> start = stackalloc byte[20];
        Encoding.ASCII.TryGetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{address:x8}-"), start, out var digits);
        var at = text.IndexOf(start[..digits]) + 1;
        if (at == 0)
        {
            return Errno.ENOENT;
        }

        text = text[at..];
        text = text[..Math.Max(text.IndexOf((byte)'\n'), 0)];
        text = text[Math.Max(text.IndexOf(PathSyntax.Slash), 0)..];
        if (text.IndexOf("\\012"u8) < 0 && !text.EndsWith(" (deleted)"u8))
        {
            // It can mean one thing only. Looking there would need a right to search the way.
            into.Set(text);
            return Errno.None;
        }

        return TryName(text, stat, into)
            || TryName(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(text).Replace("\\012", "\n", StringComparison.Ordinal)), stat, into)
            ? Errno.None
            : Errno.ENOENT;
    }

    private static byte[] ReadMaps()
    {
        try
        {
            return File.ReadAllBytes("/proc/self/maps");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private bool TryName(ReadOnlySpan<byte> text, in Files.statx_buf stat, ResolvedPath into)
    {
        if (!LongPath.Open(_proc, text, Look | Files.O_NOFOLLOW, out var fd).IsSuccess)
        {
            return false;
        }

        var isIt = Stat(fd, out var found).IsSuccess && GuestFileSystemView.IsSameFile(found, stat);
        Io.Close(fd);
        if (isIt)
        {
            into.Set(text);
        }

        return isIt;
    }
}
