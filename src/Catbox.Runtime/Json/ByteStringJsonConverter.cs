using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catbox.Runtime.Json;

/// <summary>Raw bytes, as <see cref="ByteStringJson"/> has them.</summary>
internal sealed class ByteStringJsonConverter : JsonConverter<ImmutableArray<byte>>
{
    /// <inheritdoc/>
    public override ImmutableArray<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. ByteStringJson.Read(ref reader)];

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableArray<byte> value, JsonSerializerOptions options) =>
        ByteStringJson.Write(writer, value.AsSpan());
}
