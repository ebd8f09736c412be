using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class MergeTests
{
    [Fact]
    public void Lists_are_joined_and_the_other_s_network_rules_come_first()
    {
        var file = new SandboxPolicy
        {
            Writable = ["/a"],
            DenyWrite = ["/b"],
            Readable = ["/c"],
            DenyRead = ["/d"],
            Executable = ["/e"],
            DenyExecute = ["/f"],
            Silent = ["/g"],
            NetworkRules = [.. NetworkRuleParser.ParseConnect("*:1")],
        };
        var line = new SandboxPolicy
        {
            Writable = ["/A"],
            DenyWrite = ["/B"],
            Readable = ["/C"],
            DenyRead = ["/D"],
            Executable = ["/E"],
            DenyExecute = ["/F"],
            Silent = ["/G"],
            NetworkRules = [.. NetworkRuleParser.ParseConnect("*:2")],
        };
        var merged = file.Merge(line);
        Assert.Equal(["/a", "/A"], merged.Writable.ToArray());
        Assert.Equal(["/b", "/B"], merged.DenyWrite.ToArray());
        Assert.Equal(["/c", "/C"], merged.Readable.ToArray());
        Assert.Equal(["/d", "/D"], merged.DenyRead.ToArray());
        Assert.Equal(["/e", "/E"], merged.Executable.ToArray());
        Assert.Equal(["/f", "/F"], merged.DenyExecute.ToArray());
        Assert.Equal(["/g", "/G"], merged.Silent.ToArray());
        Assert.Equal([2, 1], merged.NetworkRules.Select(rule => (int)rule.FirstPort));
    }

    [Fact]
    public void What_the_other_leaves_at_its_default_stays()
    {
        var file = new SandboxPolicy { Network = NetworkMode.On, OnViolation = OnViolation.Kill, Strict = true };
        var kept = file.Merge(new SandboxPolicy());
        Assert.Equal((NetworkMode.On, OnViolation.Kill, true), (kept.Network, kept.OnViolation, kept.Strict));
        var merged = new SandboxPolicy { OnViolation = OnViolation.Kill }.Merge(new SandboxPolicy { Network = NetworkMode.On, OnViolation = OnViolation.Log });
        Assert.Equal((NetworkMode.On, OnViolation.Log, false), (merged.Network, merged.OnViolation, merged.Strict));
    }
}
