using Catbox.Policy;
using Catbox.Policy.Judging;

namespace Catbox.Runtime.Auditing;

/// <summary>
/// A violation as it leaves the tracer thread: bytes in buffers that are used again, so that a denied call allocates nothing there. The auditor makes
/// a <see cref="Violation"/> of it and gives it back.
/// </summary>
internal sealed class ViolationDraft
{
    private byte[] _given = new byte[512];
    private byte[] _resolved = new byte[512];
    private int _givenLength;
    private int _resolvedLength;

    public int Pid { get; set; }
    public long Generation { get; set; }
    public int Tid { get; set; }
    public DateTimeOffset Time { get; set; }
    public string Operation { get; set; } = string.Empty;
    public Errno Errno { get; set; }
    public bool LetThrough { get; set; }
    public ViolationSubject Subject { get; set; }
    public string Executable { get; set; } = string.Empty;

    /// <summary>Copies the paths out of a judgement, whose buffers are used again at the next stop.</summary>
    public void SetPaths(ReadOnlySpan<byte> given, ReadOnlySpan<byte> resolved)
    {
        _givenLength = Copy(given, ref _given);
        _resolvedLength = Copy(resolved, ref _resolved);
    }

    /// <summary>As the public record.</summary>
    public Violation ToViolation() => new()
    {
        Pid = Pid,
        Generation = Generation,
        Time = Time,
        Tid = Tid,
        Operation = Operation,
        Given = [.. _given.AsSpan(0, _givenLength)],
        Resolved = [.. _resolved.AsSpan(0, _resolvedLength)],
        Errno = Errno,
        LetThrough = LetThrough,
        Subject = Subject,
        Executable = Executable,
    };

    private static int Copy(ReadOnlySpan<byte> from, ref byte[] into)
    {
        if (from.Length > into.Length)
        {
            into = new byte[from.Length];
        }

        from.CopyTo(into);
        return from.Length;
    }
}
