using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using Catbox.Runtime.Json;

namespace Catbox.Runtime;

/// <summary>A string for the kernel: bytes without a NUL. Converts from a .NET string as UTF-8.</summary>
[JsonConverter(typeof(GuestStringJsonConverter))]
public readonly record struct GuestString
{
    private readonly ImmutableArray<byte> _bytes;

    /// <summary>From raw bytes.</summary>
    /// <exception cref="ArgumentException">A byte is NUL.</exception>
    public GuestString(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
        {
            throw new ArgumentException("a string for the kernel cannot contain NUL", nameof(bytes));
        }

        _bytes = [.. bytes];
    }

    /// <summary>The bytes, without a NUL at the end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.IsDefault ? default : _bytes.AsSpan();

    /// <summary>From a .NET string, as UTF-8.</summary>
    public static GuestString FromString(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>From a .NET string, as UTF-8.</summary>
    public static implicit operator GuestString(string text) => FromString(text);

    /// <inheritdoc/>
    public bool Equals(GuestString other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>As UTF-8; bytes that are not become U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
