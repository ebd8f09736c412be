using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using Xunit;

namespace Catbox.Runtime.Specs.Json;

/// <summary>Whatever is in a record, it is read back equal, and it equals another one exactly where all of its members do.</summary>
public sealed class RoundTripProperties
{
    [Fact]
    public void A_spec_is_read_back_equal() => RoundTrips(Some.Spec, SandboxJson.Spec);

    [Fact]
    public void A_policy_is_read_back_equal() => RoundTrips(Some.Policy, SandboxJson.Policy);

    [Fact]
    public void An_event_of_any_kind_is_read_back_equal() => RoundTrips(Some.Event, SandboxJson.Event);

    [Fact]
    public void A_violation_is_read_back_equal() => RoundTrips(Some.Violation, SandboxJson.Violation);

    [Fact]
    public void A_result_is_read_back_equal() => RoundTrips(Some.Result, SandboxJson.Result);

    [Fact]
    public void Specs_are_equal_where_all_members_are() => ComparesAllMembers(Some.Spec, SandboxJson.Spec);

    [Fact]
    public void Policies_are_equal_where_all_members_are() => ComparesAllMembers(Some.Policy, SandboxJson.Policy);

    [Fact]
    public void Events_are_equal_where_all_members_are() => ComparesAllMembers(Some.Event, SandboxJson.Event);

    [Fact]
    public void Results_are_equal_where_all_members_are() => ComparesAllMembers(Some.Result, SandboxJson.Result);

    [Fact]
    public void Bytes_that_are_no_text_are_not_taken_for_any_text() =>
        Some.GuestString.Sample(bytes =>
        {
            GuestString text = Convert.ToBase64String(bytes.Bytes);
            return (bytes == text) == (Json(bytes) == Json(text));
        });

    private static string Json(GuestString value) => JsonSerializer.Serialize(new SandboxSpec { Command = [value] }, SandboxJson.Spec);

    private static void RoundTrips<T>(Gen<T> gen, JsonTypeInfo<T> info)
        where T : class => gen.Sample(value =>
        {
            var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(value, info), info);
            return value.Equals(back) && value.GetHashCode() == back.GetHashCode();
        });

    private static void ComparesAllMembers<T>(Gen<T> gen, JsonTypeInfo<T> info)
        where T : class => Gen.Select(gen, gen).Sample((one, other) =>
        {
            if (one.GetType() != other.GetType())
            {
                return !one.Equals(other);
            }

            foreach (var member in one.GetType().GetProperties().Where(member => member.CanWrite))
            {
                var changed = Copy(one);
                member.SetValue(changed, member.GetValue(other));
                var isSame = JsonSerializer.Serialize(one, info) == JsonSerializer.Serialize(changed, info);
                if (one.Equals(changed) != isSame || (isSame && one.GetHashCode() != changed.GetHashCode()))
                {
                    return false;
                }
            }

            return true;
        });

    private static T Copy<T>(T value)
        where T : class => (T)value.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)!.Invoke(value, null)!;
}
