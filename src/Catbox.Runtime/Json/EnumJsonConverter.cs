using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catbox.Runtime.Json;

/// <summary>Values of an enumeration by name: <c>"timed_out"</c>. Numbers are not taken.</summary>
internal sealed class EnumJsonConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
