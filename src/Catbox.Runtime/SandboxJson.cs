using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Catbox.Policy.Rules;
using Catbox.Runtime.Json;

namespace Catbox.Runtime;

/// <summary>
/// Specs, policies, events and results as JSON, for <see cref="JsonSerializer"/>: what is written is read back equal. The code is generated, so a trimmed or
/// NativeAOT program needs nothing else.
/// </summary>
/// <example><code>
/// var text = JsonSerializer.Serialize(spec, SandboxJson.Spec);
/// var same = JsonSerializer.Deserialize(text, SandboxJson.Spec);
/// </code></example>
/// <remarks>
/// <para>Keys and the names of values are in snake case: <c>"on_violation": "kill"</c>. Bytes that are UTF-8 are a string. Other bytes are an object,
/// <c>{"base64": "/w=="}</c>. Variables are a list of names and values.</para>
/// <para>A spec or a policy may lack keys: what is missing is as it is by default. An unknown key is an error there (<see cref="JsonException"/>), since a rule
/// that is not understood would not hold. A policy file has keys of its own: <see cref="Catbox.Policy.Files.PolicyFile"/> reads it.</para>
/// </remarks>
public static class SandboxJson
{
    private static readonly JsonSerializerOptions s_options = MakeOptions();

    /// <summary>A spec.</summary>
    public static JsonTypeInfo<SandboxSpec> Spec { get; } = Info<SandboxSpec>(s_options);

    /// <summary>A policy.</summary>
    public static JsonTypeInfo<SandboxPolicy> Policy { get; } = Info<SandboxPolicy>(s_options);

    /// <summary>An event of any kind; its key <c>"type"</c> says which: <c>"violation"</c>, <c>"process_started"</c>.</summary>
    public static JsonTypeInfo<SandboxEvent> Event { get; } = Info<SandboxEvent>(s_options);

    /// <summary>A violation, without <c>"type"</c>.</summary>
    public static JsonTypeInfo<Violation> Violation { get; } = Info<Violation>(s_options);

    /// <summary>A result.</summary>
    public static JsonTypeInfo<SandboxResult> Result { get; } = Info<SandboxResult>(s_options);

    private static JsonSerializerOptions MakeOptions()
    {
        // A spec has a policy in it, and neither may be read by its own converter for ever.
        var plain = Options();
        var policies = new DefaultsJsonConverter<SandboxPolicy>(new SandboxPolicy(), Info<SandboxPolicy>(plain));
        var withPolicies = Options();
        withPolicies.Converters.Add(policies);
        var specs = new DefaultsJsonConverter<SandboxSpec>(new SandboxSpec { Command = [] }, Info<SandboxSpec>(withPolicies));
        var all = Options();
        all.Converters.Add(policies);
        all.Converters.Add(specs);
        return all;
    }

    private static JsonSerializerOptions Options() =>
        new(SandboxJsonContext.Default.Options) { TypeInfoResolver = SandboxJsonContext.Default };

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
