using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Catbox.Policy;

namespace Catbox.Runtime.Json;

/// <summary>A kernel error by its name, <c>"EACCES"</c>; by its number where it has none, and for success.</summary>
internal sealed class ErrnoJsonConverter : JsonConverter<Errno>
{
    private const int MaxErrno = 4095;

    private static readonly FrozenDictionary<string, Errno> s_byName = Enumerable.Range(1, MaxErrno)
        .Select(static number => new Errno(number))
        .Where(HasName)
        .ToFrozenDictionary(static errno => errno.ToString(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Errno Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
        {
            return new Errno(number);
        }

        return reader.TokenType == JsonTokenType.String && s_byName.TryGetValue(reader.GetString()!, out var errno)
            ? errno
            : throw new JsonException("an error of the kernel is its name, such as \"EACCES\", or its number");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Errno value, JsonSerializerOptions options)
    {
        if (HasName(value))
        {
            writer.WriteStringValue(value.ToString());
        }
        else
        {
            writer.WriteNumberValue(value.Value);
        }
    }

    private static bool HasName(Errno errno) => errno.ToString() is ['E', ..];
}
