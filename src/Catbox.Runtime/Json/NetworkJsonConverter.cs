using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catbox.Runtime.Json;

/// <summary>Addresses as CIDR: <c>"10.0.0.0/8"</c>.</summary>
internal sealed class NetworkJsonConverter : JsonConverter<IPNetwork>
{
    /// <inheritdoc/>
    public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && IPNetwork.TryParse(reader.GetString(), out var network)
            ? network
            : throw new JsonException("addresses are written as CIDR, such as \"10.0.0.0/8\"");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
