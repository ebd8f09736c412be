using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Catbox.Runtime.Json;

/// <summary>
/// Byte strings in JSON. Bytes that are UTF-8 are a string. Others are an object, <c>{"base64":"/w=="}</c>, which no text can be taken for.
/// </summary>
internal static class ByteStringJson
{
    private const string Base64 = "base64";

    /// <summary>Writes bytes.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            writer.WriteStringValue(bytes);
            return;
        }

        writer.WriteStartObject();
        writer.WriteBase64String(Base64, bytes);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static byte[] Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }

        if (reader.TokenType == JsonTokenType.StartObject
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Base64)
            && reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes)
            && reader.Read() && reader.TokenType == JsonTokenType.EndObject)
        {
            return bytes;
        }

        throw new JsonException("bytes are a string, or {\"base64\": \"...\"} where they are not UTF-8");
    }
}
