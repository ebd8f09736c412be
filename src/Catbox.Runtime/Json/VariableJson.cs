using System.Text.Json.Serialization;

namespace Catbox.Runtime.Json;

/// <summary>A variable of <see cref="SandboxSpec.Environment"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VariableJson
{
    /// <summary>Its name.</summary>
    public required GuestString Name { get; init; }
    /// <summary>Its value; null takes it away.</summary>
    public required GuestString? Value { get; init; }
}
