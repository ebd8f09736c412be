using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Catbox.Policy;

namespace Catbox.Runtime.Json;

/// <summary>
/// Variables as a list of <c>{"name": "CC", "value": "gcc"}</c>, by name; a value of null takes a variable away. A name is bytes, and a key of JSON is text.
/// </summary>
internal sealed class EnvironmentJsonConverter : JsonConverter<ImmutableDictionary<GuestString, GuestString?>>
{
    /// <inheritdoc/>
    public override ImmutableDictionary<GuestString, GuestString?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var variables = ImmutableDictionary.CreateBuilder<GuestString, GuestString?>();
        foreach (var variable in JsonSerializer.Deserialize(ref reader, Info(options)).OrEmpty())
        {
            if (!variables.TryAdd(variable.Name, variable.Value))
            {
                throw new JsonException($"the variable \"{PathText.Escape(variable.Name.Bytes)}\" is given twice");
            }
        }

        return variables.ToImmutable();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableDictionary<GuestString, GuestString?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            [
                .. value.OrderBy(static one => one.Key, Comparer<GuestString>.Create(static (a, b) => a.Bytes.SequenceCompareTo(b.Bytes)))
                    .Select(static one => new VariableJson { Name = one.Key, Value = one.Value }),
            ],
            Info(options));

    private static JsonTypeInfo<ImmutableArray<VariableJson>> Info(JsonSerializerOptions options) =>
        (JsonTypeInfo<ImmutableArray<VariableJson>>)options.GetTypeInfo(typeof(ImmutableArray<VariableJson>));
}
