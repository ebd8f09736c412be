using System.Text;

namespace Catbox.Testing;

/// <summary>An argument of a scripted call: a number, or bytes that lie in the guest's memory.</summary>
internal readonly struct ScriptedArgument
{
    private readonly ulong _number;
    private readonly byte[]? _bytes;

    private ScriptedArgument(ulong number, byte[]? bytes)
    {
        _number = number;
        _bytes = bytes;
    }

    public static implicit operator ScriptedArgument(int value) => new(unchecked((ulong)(long)value), null);

    public static implicit operator ScriptedArgument(ulong value) => new(value, null);

    /// <summary>A NUL-terminated string.</summary>
    public static implicit operator ScriptedArgument(string text) => new(0, [.. Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>Bytes as they are.</summary>
    public static implicit operator ScriptedArgument(byte[] bytes) => new(0, bytes);

    /// <summary>The register.</summary>
    internal ulong Place(ScriptedMemory memory) => _bytes is null ? _number : memory.Put(_bytes);
}
