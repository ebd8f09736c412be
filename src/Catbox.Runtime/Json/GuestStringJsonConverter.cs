using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catbox.Runtime.Json;

/// <summary>Strings for the kernel, as <see cref="ByteStringJson"/> has bytes.</summary>
internal sealed class GuestStringJsonConverter : JsonConverter<GuestString>
{
    /// <inheritdoc/>
    public override GuestString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = ByteStringJson.Read(ref reader);
        return bytes.Contains((byte)0) ? throw new JsonException("a string for the kernel cannot contain NUL") : new GuestString(bytes);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, GuestString value, JsonSerializerOptions options) => ByteStringJson.Write(writer, value.Bytes);
}
