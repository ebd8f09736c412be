using System.Net;
using Catbox.Policy.Files;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Files;

public sealed class PolicyFileTests
{
    private static readonly Dictionary<string, string> s_variables = new() { ["HOME"] = "/home/me", ["ODD"] = "/x[1]*", ["REL"] = "rel", ["RX"] = "~.*" };

    private const string Toml = """
        writable = ["/work", "/tmp/*.o"]
        deny-write = ["/work/.git"]
        readable = ["/usr"]
        deny-read = ["${HOME}/.ssh"]
        execute = ["/usr/bin"]
        deny-execute = ["/usr/bin/gdb"]
        silent = ["~/var/.*"]
        network = "rules"
        on-violation = "kill"
        strict = true
        [[network-rule]]
        allow = true
        to = "10.0.0.0/8"
        ports = "80-90"
        [[network-rule]]
        allow = false
        unix = "@name"
        direction = "bind"
        """;

    private const string Json = """
        {
          "$schema": "policy.schema.json",
          "writable": ["/work", "/tmp/*.o"], "deny-write": ["/work/.git"], "readable": ["/usr"], "deny-read": ["${HOME}/.ssh"],
          "execute": ["/usr/bin"], "deny-execute": ["/usr/bin/gdb"], "silent": ["~/var/.*"],
          "network": "rules", "on-violation": "kill", "strict": true,
          "network-rules": [
            { "allow": true, "to": "10.0.0.0/8", "ports": "80-90" },
            { "allow": false, "unix": "@name", "direction": "bind" }
          ]
        }
        """;

    [Theory]
    [InlineData(Toml, PolicyFileFormat.Toml)]
    [InlineData(Json, PolicyFileFormat.Json)]
    [InlineData("\ufeff" + Json, PolicyFileFormat.Json)]
    [InlineData("\ufeff" + Toml, PolicyFileFormat.Toml)]
    public void Every_key_is_read(string text, PolicyFileFormat format)
    {
        var policy = PolicyFile.Parse(text, "p", format, s_variables);
        Assert.Equal(["/work", "/tmp/*.o"], policy.Writable.ToArray());
        Assert.Equal(["/work/.git"], policy.DenyWrite.ToArray());
        Assert.Equal(["/usr"], policy.Readable.ToArray());
        Assert.Equal(["/home/me/.ssh"], policy.DenyRead.ToArray());
        Assert.Equal(["/usr/bin"], policy.Executable.ToArray());
        Assert.Equal(["/usr/bin/gdb"], policy.DenyExecute.ToArray());
        Assert.Equal(["~/var/.*"], policy.Silent.ToArray());
        Assert.Equal(NetworkMode.Rules, policy.Network);
        Assert.Equal(OnViolation.Kill, policy.OnViolation);
        Assert.True(policy.Strict);
        Assert.Equal(
            [
                new NetworkRule(true, IPNetwork.Parse("10.0.0.0/8"), 80, 90, NetworkDirection.Connect, null),
                new NetworkRule(false, null, 0, 65535, NetworkDirection.Bind, "@name"),
            ],
            policy.NetworkRules.ToArray());
    }

    [Theory]
    [InlineData("", PolicyFileFormat.Toml)]
    [InlineData("# nothing\n", PolicyFileFormat.Toml)]
    [InlineData("{}", PolicyFileFormat.Json)]
    public void An_empty_policy_is_the_default_one(string text, PolicyFileFormat format)
    {
        var policy = PolicyFile.Parse(text, "p", format);
        Assert.Empty(policy.Writable);
        Assert.Equal(NetworkMode.Off, policy.Network);
        Assert.Equal(OnViolation.Deny, policy.OnViolation);
        Assert.False(policy.Strict);
    }

    [Theory]
    [InlineData("[[network-rule]]\nallow = true\nto = \"localhost\"\nports = 53", 2, 53, 53)]
    [InlineData("network-rules = [ { allow = true, to = \"*\" } ]", 1, 0, 65535)]
    [InlineData("network-rule = [ { allow = true, ports = \"*\" } ]", 1, 0, 65535)]
    public void A_rule_may_leave_out_ports_or_addresses(string text, int count, int first, int last)
    {
        var rules = PolicyFile.Parse(text, "p", PolicyFileFormat.Toml).NetworkRules;
        Assert.Equal(count, rules.Length);
        Assert.All(rules, rule => Assert.Equal((first, last), (rule.FirstPort, rule.LastPort)));
    }

    [Theory]
    [InlineData("writeable = []", "p.toml:1: unknown key \"writeable\"; did you mean \"writable\"?")]
    [InlineData("\n\ndeny_write = []", "p.toml:3: unknown key \"deny_write\"; did you mean \"deny-write\"?")]
    [InlineData("colour = 1", "p.toml:1: unknown key \"colour\"; known are writable, ")]
    [InlineData("[network]\nmode = 1", "p.toml:1: \"network\" is a table; write \"off\" or \"on\" or \"rules\"")]
    [InlineData("a.b = 1", "p.toml:1: unknown key \"a.b\"")]
    [InlineData("writable = \"/a\"", "p.toml:1: \"writable\" is a string; write a list of strings")]
    [InlineData("writable = [\n  \"/a\",\n  1,\n]", "p.toml:3: \"writable\" is a list of strings; it contains an integer")]
    [InlineData("writable = [\n  \"/a\",\n\n  \"b\",\n]", "p.toml:4: writable path \"b\" is relative; write an absolute path, a glob or ~regex")]
    [InlineData("silent = [\n  \"~/a(\"]", "p.toml:2: silent path \"~/a(\" is not a valid regex")]
    [InlineData("deny-read = [\"~/.ssh\"]", "p.toml:1: denied read \"~/.ssh\" is the regex /.ssh, not a path in the home directory: write ${HOME}/.ssh")]
    [InlineData("strict = 1", "p.toml:1: \"strict\" is an integer; write true or false")]
    [InlineData("strict = 1.5", "p.toml:1: \"strict\" is a float; write true or false")]
    [InlineData("strict = 2024-01-01", "p.toml:1: \"strict\" is a date; write true or false")]
    [InlineData("network = true", "p.toml:1: \"network\" is a boolean; write \"off\" or \"on\" or \"rules\"")]
    [InlineData("network = \"maybe\"", "p.toml:1: \"network\" is \"maybe\"; write \"off\" or \"on\" or \"rules\"")]
    [InlineData("on-violation = \"ignore\"", "p.toml:1: \"on-violation\" is \"ignore\"; write \"deny\" or \"log\" or \"kill\"")]
    [InlineData("network-rules = [1]", "p.toml:1: a network rule is a table, not an integer")]
    [InlineData("[[network-rule]]\nallow = true\nto = \"10.0.0.1/8\"", "p.toml:3: \"10.0.0.1/8\" has bits set beyond its prefix")]
    [InlineData("[[network-rule]]\nallow = true\nto = \"example.com\"", "p.toml:3: \"example.com\" names a host")]
    [InlineData("[[network-rule]]\nallow = true\nports = \"90-80\"", "p.toml:3: the range of ports \"90-80\" runs backwards")]
    [InlineData("[[network-rule]]\nallow = true\nports = 70000", "p.toml:3: \"70000\" is no port")]
    [InlineData("[[network-rule]]\nallow = true\nunix = \"run/x\"", "p.toml:3: unix socket \"run/x\" is relative")]
    [InlineData("[[network-rule]]\nallow = true\nport = 80", "p.toml:3: unknown key \"port\"; did you mean \"ports\"?")]
    [InlineData("[[network-rule]]\nallow = true\nto = \"*\"\n[[network-rule]]\nto = \"*\"", "p.toml:4: a network rule needs \"allow\"")]
    [InlineData("[[network-rule]]\nallow = true", "p.toml:1: a network rule needs \"to\", \"ports\" or \"unix\"")]
    [InlineData("[[network-rule]]\nallow = true\nto = \"*\"\nunix = \"/x\"", "p.toml:1: a network rule has either")]
    [InlineData("network-rules = []\n[[network-rule]]\nallow = true", "p.toml:2: the key \"network-rule\" is given twice")]
    [InlineData("writable = [\"${NOPE}/x\"]", "p.toml:1: path \"${NOPE}/x\" uses the variable NOPE, which is not set; known are HOME, ")]
    [InlineData("writable = [\"${HOME/x\"]", "p.toml:1: path \"${HOME/x\" has ${ without }")]
    [InlineData("writable = [\"${REL}/x\"]", "p.toml:1: path \"${REL}/x\" begins with the variable REL, which is \"rel\" and no absolute path")]
    [InlineData("writable = [\"${RX}\"]", "p.toml:1: path \"${RX}\" begins with the variable RX")]
    [InlineData("strict = true\nstrict = true", "p.toml:2: ")]
    [InlineData("strict = true\nwritable = [", "p.toml:2: not valid TOML: ")]
    [InlineData("strict = maybe", "p.toml:1: not valid TOML: ")]
    public void A_mistake_in_TOML_is_told_with_its_line(string text, string message) => AssertError(text, "p.toml", PolicyFileFormat.Toml, message);

    [Theory]
    [InlineData("{\n\"writeable\": []}", "p.json:2: unknown key \"writeable\"; did you mean \"writable\"?")]
    [InlineData("{\n\"writable\": [\n\"/a\",\n\"b\"]}", "p.json:4: writable path \"b\" is relative")]
    [InlineData("{\n\"writable\": null}", "p.json:2: \"writable\" is null; write a list of strings")]
    [InlineData("{\n\"strict\": 1.5}", "p.json:2: \"strict\" is a number that is no integer; write true or false")]
    [InlineData("{\"strict\": true,\n\"strict\": true}", "p.json:2: the key \"strict\" is given twice")]
    [InlineData("{\"network-rules\": [\n{\"allow\": true,\n\"to\": \"x.org\"}]}", "p.json:3: \"x.org\" names a host")]
    [InlineData("[\n]", "p.json:1: a policy is an object, not a list")]
    [InlineData("{\n\"strict\": true,\n}", "p.json:3: not valid JSON: ")]
    [InlineData("{\n\"strict\": tru", "p.json:2: not valid JSON: ")]
    [InlineData("{}\n{}", "p.json:2: not valid JSON: ")]
    [InlineData("", "p.json:1: not valid JSON: ")]
    [InlineData("{\n// no comments\n}", "p.json:2: not valid JSON: ")]
    [InlineData("{\"writable\":\n[\"/\\ud800\"]}", "p.json:2: a string contains half of a surrogate pair")]
    public void A_mistake_in_JSON_is_told_with_its_line(string text, string message) => AssertError(text, "p.json", PolicyFileFormat.Json, message);

    [Fact]
    public void A_variable_means_itself_in_a_path_a_glob_and_a_regex()
    {
        var policy = PolicyFile.Parse(
            "writable = [\"${ODD}/p\", \"${ODD}/g/*\", \"~${ODD}/r/.\", \"/q/${REL}\"]", "p", PolicyFileFormat.Toml, s_variables);
        var compiled = CompiledPolicy.Compile(policy, new PolicyContext());
        foreach (var path in new[] { "/x[1]*/p", "/x[1]*/g/h", "/x[1]*/r/s", "/q/rel" })
        {
            Assert.Equal(RuleDecision.Allow, compiled.DecidePath(System.Text.Encoding.UTF8.GetBytes(path), PathAccess.Write));
        }

        Assert.Equal(RuleDecision.Deny, compiled.DecidePath("/x1/p"u8, PathAccess.Write));
    }

    [Theory]
    [InlineData("a.toml", PolicyFileFormat.Toml)]
    [InlineData("/x/A.JSON", PolicyFileFormat.Json)]
    public void The_name_tells_the_format(string name, PolicyFileFormat format) => Assert.Equal(format, PolicyFile.FormatOf(name));

    [Fact]
    public void Another_name_is_refused()
        => Assert.StartsWith("policy.yaml: a policy file is named .toml or .json",
            Assert.Throws<PolicyException>(() => PolicyFile.FormatOf("policy.yaml")).Message, StringComparison.Ordinal);

    private static void AssertError(string text, string file, PolicyFileFormat format, string message)
    {
        var error = Assert.Throws<PolicyException>(() => PolicyFile.Parse(text, file, format, s_variables));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(file, error.File);
        Assert.True(error.Line > 0);
    }
}
