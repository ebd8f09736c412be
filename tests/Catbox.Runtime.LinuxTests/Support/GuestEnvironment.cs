using System.Collections.Immutable;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>The variables of an unconfined run for a confined one.</summary>
internal static class GuestEnvironment
{
    public static ImmutableDictionary<GuestString, GuestString?> ForGuest(this ImmutableDictionary<string, string?> variables) =>
        variables.ToImmutableDictionary(static v => (GuestString)v.Key, static v => v.Value is null ? null : (GuestString?)v.Value);
}
