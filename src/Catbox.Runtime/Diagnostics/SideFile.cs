using Catbox.Policy;
using Catbox.Runtime.Native;
using Microsoft.Win32.SafeHandles;

namespace Catbox.Runtime.Diagnostics;

/// <summary>A file of lines beside an <see cref="OutputFile"/>, of a name that nothing had before. It is removed by its maker alone, and only as long as the name is still its own.</summary>
internal sealed class SideFile : IDisposable
{
    private readonly int _directory;
    private readonly byte[] _name;
    private readonly int _descriptor;
    private long _length;

    internal SideFile(int directory, ReadOnlySpan<byte> path, byte[] name, int descriptor)
    {
        _directory = directory;
        _name = name;
        _descriptor = descriptor;
        Path = new GuestString(path);
    }

    /// <summary>Its canonical path.</summary>
    public GuestString Path { get; }

    /// <summary>Appends bytes, all or none of them: what was written of a part is taken back, so that the file ends with a complete line.</summary>
    public Errno Append(ReadOnlySpan<byte> bytes)
    {
        var error = Io.WriteAt(_descriptor, bytes, _length);
        if (error.IsSuccess)
        {
            _length += bytes.Length;
        }
        else
        {
            _ = Changes.Truncate(_descriptor, _length);
        }

        return error;
    }

    /// <summary>Reads it from its beginning; the stream is its own.</summary>
    public Stream Read()
    {
        var error = Io.DuplicateHigh(_descriptor, out var copy);
        if (!error.IsSuccess)
        {
            throw new IOException($"fcntl F_DUPFD_CLOEXEC: {error}");
        }

        var stream = new FileStream(new SafeFileHandle(copy, ownsHandle: true), FileAccess.Read, 1 << 16);
        stream.Position = 0;
        return stream;
    }

    /// <summary>Takes it away.</summary>
    public void Remove()
    {
        if (Files.Stat(_descriptor, "\0"u8, Files.AT_EMPTY_PATH, out var own).IsSuccess
            && Files.Stat(_directory, _name, Files.AT_SYMLINK_NOFOLLOW, out var named).IsSuccess
            && own.stx_ino == named.stx_ino && own.Device == named.Device)
        {
            _ = Changes.Unlink(_directory, _name, 0);
        }
    }

    /// <summary>Closes it; it stays where it was not removed.</summary>
    public void Dispose() => Io.Close(_descriptor);
}
