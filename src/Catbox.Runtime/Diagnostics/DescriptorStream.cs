using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// A write-only stream over a descriptor that a guest may share: every write is one write(2), nothing is buffered, and the descriptor is not closed.
/// For hosts whose guest has the terminal: the streams of <c>System.Console</c> put the terminal into a mode of their own at the first write and
/// install a SIGCHLD handler that every stop would wake, and a <see cref="FileStream"/> writes at an offset that it does not share.
/// </summary>
/// <param name="descriptor">The descriptor: 1 or 2.</param>
internal sealed class DescriptorStream(int descriptor) : Stream
{
    /// <summary>Whether it is a terminal.</summary>
    public bool IsTerminal => Terminals.IsTerminal(descriptor);

    /// <summary>How many columns it has as a terminal; 80 where that cannot be told.</summary>
    public int Columns => Terminals.Columns(descriptor) is > 0 and var columns ? columns : 80;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="IOException">write(2) failed: EPIPE, ENOSPC, EBADF ...</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // A host that was started without its stderr has a file of its own there.
        var errno = descriptor > 2 || Io.IsInherited(descriptor) ? Descriptors.WriteAll(descriptor, buffer) : Errno.EBADF;
        if (!errno.IsSuccess)
        {
            throw new IOException($"write: {errno}");
        }
    }
}
