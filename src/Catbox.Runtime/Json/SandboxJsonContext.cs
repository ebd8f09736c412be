using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Judging;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.Json;

/// <summary>What <see cref="SandboxJson"/> writes and reads, without reflection. It fails closed: a key twice, a null where none may be, a number for a name.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(ErrnoJsonConverter), typeof(NetworkJsonConverter), typeof(EnumJsonConverter<DaemonPolicy>), typeof(EnumJsonConverter<EndReason>),
        typeof(EnumJsonConverter<EnforcementLevel>), typeof(EnumJsonConverter<GuestStreamKind>), typeof(EnumJsonConverter<LandlockMode>),
        typeof(EnumJsonConverter<NetworkDirection>), typeof(EnumJsonConverter<NetworkMode>), typeof(EnumJsonConverter<OnViolation>),
        typeof(EnumJsonConverter<ViolationSubject>),
    ])]
[JsonSerializable(typeof(SandboxSpec))]
[JsonSerializable(typeof(SandboxPolicy))]
[JsonSerializable(typeof(SandboxEvent))]
[JsonSerializable(typeof(SandboxResult))]
[JsonSerializable(typeof(ImmutableArray<VariableJson>))]
internal sealed partial class SandboxJsonContext : JsonSerializerContext;
