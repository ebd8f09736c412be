using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Catbox.Runtime.Json;

/// <summary>
/// Gives a member that the JSON does not have the value that the record has by default. Generated code sets each <c>init</c> member of a record, and those that
/// are not given to zero: a spec that was stored before a member was there would then be another one.
/// </summary>
/// <param name="example">A value whose members are the defaults; those that are required are not taken from it.</param>
/// <param name="plain">How the record is written and read without this converter.</param>
internal sealed class DefaultsJsonConverter<T>(T example, JsonTypeInfo<T> plain) : JsonConverter<T>
    where T : class
{
    private readonly HashSet<string> _required =
        [.. plain.Properties.Where(static property => property.IsRequired).Select(static property => property.Name)];

    private readonly JsonElement _defaults = JsonSerializer.SerializeToElement(example, plain);

    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var given = JsonDocument.ParseValue(ref reader);
        if (given.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException();
        }

        var whole = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(whole))
        {
            writer.WriteStartObject();
            foreach (var member in _defaults.EnumerateObject())
            {
                if (!_required.Contains(member.Name) && !given.RootElement.TryGetProperty(member.Name, out _))
                {
                    member.WriteTo(writer);
                }
            }

            foreach (var member in given.RootElement.EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonSerializer.Deserialize(whole.WrittenSpan, plain);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, plain);
}
