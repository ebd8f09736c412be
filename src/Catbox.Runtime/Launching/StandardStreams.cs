using System.IO.Pipes;
using System.Text;
using Catbox.Policy;
using Catbox.Runtime.Native;
using Microsoft.Win32.SafeHandles;

namespace Catbox.Runtime.Launching;

/// <summary>The descriptors behind a guest's standard streams: the guest's ends until it has them, the host's ends of pipes.</summary>
internal sealed class StandardStreams : IDisposable
{
    private readonly int[] _guest = [-1, -1, -1];

    private StandardStreams()
    {
    }

    /// <summary>What becomes 0, 1 and 2 in the guest; -1 leaves the host's own.</summary>
    public ReadOnlySpan<int> GuestEnds => _guest;

    /// <summary>The write end of a piped input.</summary>
    public Stream? Input { get; private set; }

    /// <summary>The read end of a piped output.</summary>
    public Stream? Output { get; private set; }

    /// <summary>The read end of a piped error.</summary>
    public Stream? Error { get; private set; }

    /// <summary>Opens what a spec asks for.</summary>
    /// <exception cref="SandboxLaunchException">A file cannot be opened; nothing is left open.</exception>
    public static StandardStreams Open(SandboxSpec spec)
    {
        var streams = new StandardStreams();
        try
        {
            streams.Input = streams.Open(0, spec.StandardInput);
            streams.Output = streams.Open(1, spec.StandardOutput);
            streams.Error = streams.Open(2, spec.StandardError);
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Closes the guest's ends: it has them, and the host sees the end of a pipe only when no other copy is open.</summary>
    public void CloseGuestEnds()
    {
        for (var i = 0; i < _guest.Length; i++)
        {
            Io.Close(Interlocked.Exchange(ref _guest[i], -1));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseGuestEnds();
        Input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
    }

    private AnonymousPipeClientStream? Open(int number, GuestStream stream)
    {
        switch (stream.Kind)
        {
            case GuestStreamKind.Null:
                _guest[number] = Open("/dev/null", Io.O_RDWR);
                return null;
            case GuestStreamKind.File:
                _guest[number] = Open(stream.Path!, number == 0 ? Io.O_RDONLY : Io.O_WRONLY | Io.O_CREAT | Io.O_TRUNC);
                return null;
            case GuestStreamKind.Piped:
                Check(Io.Pipe(out var readEnd, out var writeEnd), "pipe2");
                var (guest, host) = number == 0 ? (readEnd, writeEnd) : (writeEnd, readEnd);
                _guest[number] = High(guest);

                // One that waits by epoll: a FileStream of a pipe holds a thread of the pool for each read that has nothing to read yet. It makes our end
                // non-blocking, which the guest's end does not share.
                return new AnonymousPipeClientStream(
                    number == 0 ? PipeDirection.Out : PipeDirection.In, new SafePipeHandle(host, ownsHandle: true));
            default:
                return null;
        }
    }

    private static int Open(string path, int flags)
    {
        Check(Io.Open([.. Encoding.UTF8.GetBytes(path), 0], flags, 0b110_110_110, out var fd), $"open of {path}");
        return High(fd);
    }

    /// <summary>Out of the way of descriptors 0–3, which the spawn arranges one after the other.</summary>
    private static int High(int fd)
    {
        var error = Io.DuplicateHigh(fd, out var copy);
        Io.Close(fd);
        Check(error, "fcntl F_DUPFD_CLOEXEC");
        return copy;
    }

    private static void Check(Errno error, string operation)
    {
        if (!error.IsSuccess)
        {
            throw new SandboxLaunchException($"{operation}: {error}", operation, 0, error);
        }
    }
}
