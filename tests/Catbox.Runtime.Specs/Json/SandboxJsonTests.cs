using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Runtime.Specs.Json;

/// <summary>What the JSON of specs and events looks like, and what is refused as such.</summary>
public sealed class SandboxJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_violation_says_its_type_names_its_error_and_has_paths_as_text_where_they_are_text()
    {
        SandboxEvent violation = new Violation
        {
            Pid = 7,
            Generation = 2,
            Time = Noon,
            Tid = 8,
            Operation = "openat",
            Given = [.. "../x"u8],
            Resolved = [(byte)'/', 0xff],
            Errno = Errno.EACCES,
            Subject = ViolationSubject.Write,
            Executable = "/bin/sh",
        };

        Same(
            """
            {"type":"violation","tid":8,"operation":"openat","given":"../x","resolved":{"base64":"L/8="},"errno":"EACCES","let_through":false,
            "subject":"write","executable":"/bin/sh","pid":7,"generation":2,"time":"2026-01-02T12:00:00+00:00"}
            """,
            JsonSerializer.Serialize(violation, SandboxJson.Event));
    }

    [Fact]
    public void The_type_of_an_event_need_not_come_first() => Assert.Equal(
        new ProcessStarted(7, 2, Noon, 1),
        JsonSerializer.Deserialize("""{"pid":7,"generation":2,"time":"2026-01-02T12:00:00Z","parent_pid":1,"type":"process_started"}""", SandboxJson.Event));

    [Fact]
    public void What_a_later_version_says_of_an_event_is_passed_over() => Assert.Equal(
        new ProcessStarted(7, 2, Noon, 1),
        JsonSerializer.Deserialize(
            """{"type":"process_started","pid":7,"generation":2,"time":"2026-01-02T12:00:00Z","parent_pid":1,"more":[]}""", SandboxJson.Event));

    [Fact]
    public void A_spec_that_names_only_its_command_is_as_one_made_in_code() => Assert.Equal(
        new SandboxSpec { Command = ["make", "-j4"] }, JsonSerializer.Deserialize("""{"command":["make","-j4"]}""", SandboxJson.Spec));

    [Fact]
    public void A_policy_in_a_spec_may_lack_members_too() => Assert.Equal(
        new SandboxSpec { Command = ["make"], Policy = new SandboxPolicy { Writable = ["/w"], OnViolation = OnViolation.Kill } },
        JsonSerializer.Deserialize("""{"command":["make"],"policy":{"writable":["/w"],"on_violation":"kill"}}""", SandboxJson.Spec));

    [Fact]
    public void Variables_are_a_list_by_name_and_null_takes_one_away()
    {
        var spec = new SandboxSpec
        {
            Command = ["env"],
            Environment = ImmutableDictionary<GuestString, GuestString?>.Empty.Add("LANG", null).Add(new GuestString([0xfe]), "x").Add("CC", "gcc"),
        };

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(spec, SandboxJson.Spec));

        Same(
            """[{"name":"CC","value":"gcc"},{"name":"LANG","value":null},{"name":{"base64":"/g=="},"value":"x"}]""",
            json.RootElement.GetProperty("environment").GetRawText());
    }

    [Fact]
    public void A_rule_of_the_network_has_its_addresses_as_CIDR()
    {
        var policy = new SandboxPolicy { NetworkRules = [new NetworkRule(true, IPNetwork.Parse("10.0.0.0/8"), 80, 90, NetworkDirection.Bind, null)] };

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(policy, SandboxJson.Policy));

        Same(
            """[{"allow":true,"network":"10.0.0.0/8","first_port":80,"last_port":90,"direction":"bind","unix_path":null}]""",
            json.RootElement.GetProperty("network_rules").GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"command":null}""")]
    [InlineData("""{"command":["a"],"polcy":{}}""")]
    [InlineData("""{"command":["a"],"policy":{"writeable":[]}}""")]
    [InlineData("""{"command":["a"],"policy":null}""")]
    [InlineData("""{"command":["a"],"policy":{"strict":true,"strict":false}}""")]
    [InlineData("""{"command":["a"],"command":["b"]}""")]
    [InlineData("""{"command":["a"],"landlock":2}""")]
    [InlineData("""{"command":["a"],"landlock":"perhaps"}""")]
    [InlineData("""{"command":["a\u0000b"]}""")]
    [InlineData("""{"command":[{"base64":"!"}]}""")]
    [InlineData("""{"command":[{"base64":"AQ==","text":"x"}]}""")]
    [InlineData("""{"command":["a"],"environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}""")]
    [InlineData("""{"command":["a"],"environment":[{"name":"A"}]}""")]
    [InlineData("""{"command":["a"],"policy":{"network_rules":[{"allow":true}]}}""")]
    [InlineData("[]")]
    public void What_is_not_understood_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, SandboxJson.Spec));

    [Theory]
    [InlineData("""{"type":"process_died","pid":7,"generation":2,"time":"2026-01-02T12:00:00Z"}""")]
    [InlineData("""{"type":"process_started","pid":7,"generation":2,"time":"2026-01-02T12:00:00Z"}""")]
    public void An_event_that_is_not_known_or_not_whole_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, SandboxJson.Event));

    [Fact]
    public void A_list_that_was_never_made_is_an_empty_one()
    {
        Assert.Equal(new SandboxPolicy(), new SandboxPolicy { Writable = default, NetworkRules = default });
        Assert.Equal(
            JsonSerializer.Serialize(new SandboxPolicy(), SandboxJson.Policy),
            JsonSerializer.Serialize(new SandboxPolicy { Writable = default }, SandboxJson.Policy));
    }

    private static void Same(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings(""), actual);
}
