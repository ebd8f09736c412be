using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Parsing;

public sealed class RunOptionsTests
{
    [Fact]
    public void Nothing_is_allowed_unless_it_is_asked_for()
    {
        var policy = new Cli().Run("true").Spec.Policy;
        Assert.Empty(policy.Writable.AsEnumerable());
        Assert.Equal(NetworkMode.Off, policy.Network);
        Assert.Equal(OnViolation.Deny, policy.OnViolation);
    }

    [Fact]
    public void The_command_is_taken_as_it_stands() => Assert.Equal(
        ["ls", "-l", "@file", "--network", ""], new Cli().Run("ls", "-l", "@file", "--network", "").Spec.Command.Select(static a => a.ToString()));

    [Fact]
    public void The_guests_options_are_not_ours() => Assert.Equal(NetworkMode.Off, new Cli().Run("curl", "-n").Spec.Policy.Network);

    [Fact]
    public void Paths_become_the_policys()
    {
        var policy = new Cli("/w").Run(
            "-p", "a", "--path", "/b", "--deny-write", "a/x", "--read", "/r", "--deny-read", "/s", "--exec", "/e", "--deny-exec", "/f", "--silent", "/g", "true").Spec.Policy;
        Assert.Equal(["/w/a", "/b"], policy.Writable.AsEnumerable());
        Assert.Equal(["/w/a/x"], policy.DenyWrite.AsEnumerable());
        Assert.Equal(["/r"], policy.Readable.AsEnumerable());
        Assert.Equal(["/s"], policy.DenyRead.AsEnumerable());
        Assert.Equal(["/e"], policy.Executable.AsEnumerable());
        Assert.Equal(["/f"], policy.DenyExecute.AsEnumerable());
        Assert.Equal(["/g"], policy.Silent.AsEnumerable());
    }

    [Theory]
    [InlineData("auto", LandlockMode.Auto)]
    [InlineData("require", LandlockMode.Require)]
    [InlineData("off", LandlockMode.Off)]
    public void The_floor_is_chosen_by_a_word(string word, LandlockMode mode)
    {
        Assert.Equal(mode, new Cli().Run("--landlock", word, "true").Spec.Landlock);
        Assert.Equal(LandlockMode.Auto, new Cli().Run("true").Spec.Landlock);
    }

    [Fact]
    public void Another_word_for_the_floor_is_an_error() =>
        Assert.Contains("--landlock on: expected auto", Assert.Throws<UsageException>(() => new Cli().Run("--landlock", "on", "true")).Message, StringComparison.Ordinal);

    [Fact]
    public void To_explain_needs_no_command() => Assert.True(new Cli().Run("--explain", "-p", "/w").Explain);

    [Fact]
    public void Destinations_become_rules_in_their_order()
    {
        var rules = new Cli().Run("--bind", "127.0.0.1:8080", "--connect", "10.0.0.0/8:443", "true").Spec.Policy.NetworkRules;
        Assert.Equal([NetworkDirection.Connect, NetworkDirection.Bind], rules.Select(static r => r.Direction));
    }

    [Theory]
    [InlineData(OnViolation.Log, "--collect-only")]
    [InlineData(OnViolation.Log, "--on-violation", "log")]
    [InlineData(OnViolation.Kill, "--on-violation=kill")]
    [InlineData(OnViolation.Log, "--on-violation=log", "--collect-only")]
    public void What_happens_at_a_violation_is_chosen(OnViolation expected, params string[] options) =>
        Assert.Equal(expected, new Cli().Run([.. options, "true"]).Spec.Policy.OnViolation);

    [Theory]
    [InlineData("--on-violation", "ignore")]
    [InlineData("--on-violation", "kill", "--collect-only")]
    [InlineData("--max-processes", "0")]
    [InlineData("--max-processes", "many")]
    [InlineData("--timeout", "soon")]
    [InlineData("--env", "=x")]
    public void A_bad_value_is_refused(params string[] options) => Assert.Throws<UsageException>(() => new Cli().Run([.. options, "true"]));

    [Fact]
    public void A_command_is_needed() => Assert.Throws<UsageException>(() => new Cli().Run("-p", "."));

    [Fact]
    public void The_environment_is_inherited_with_changes()
    {
        var spec = new Cli().Run("--env", "A=1=2", "--env", "B", "--env", "C=", "true").Spec;
        Assert.True(spec.InheritEnvironment);
        Assert.Equal((GuestString)"1=2", spec.Environment["A"]);
        Assert.Null(spec.Environment["B"]);
        Assert.Equal((GuestString)"", spec.Environment["C"]);
    }

    [Fact]
    public void The_environment_can_start_empty() => Assert.False(new Cli().Run("--clear-env", "true").Spec.InheritEnvironment);

    [Fact]
    public void The_rest_of_the_run_is_chosen()
    {
        var request = new Cli("/w").Run(
            "--chdir", "sub", "--timeout", "1h30m", "--wait-all", "--max-processes", "50", "--no-private-tmp", "--strict", "-qv", "--stats", "--fail-on-violation", "true");
        Assert.Equal((GuestString)"/w/sub", request.Spec.WorkingDirectory);
        Assert.Equal(TimeSpan.FromMinutes(90), request.Spec.Timeout);
        Assert.Equal(DaemonPolicy.Wait, request.Spec.Daemons);
        Assert.Equal(50, request.Spec.MaxProcesses);
        Assert.False(request.Spec.PrivateTemporaryDirectory);
        Assert.True(request.Spec.Policy.Strict);
        Assert.True(request is { Quiet: true, Verbose: true, Statistics: true, FailOnViolation: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_terminal_that_controls_us_is_shared(bool terminal) => Assert.Equal(terminal, new Cli(controlling: terminal).Run("vi").Spec.ShareTerminal);

    [Fact]
    public void The_report_may_not_be_written_by_the_guest()
    {
        var request = new Cli("/w").Run("-p", ".", "--report", "r.json", "true");
        Assert.Equal((GuestString)"/w/r.json", request.ReportPath);
        Assert.Equal(["/w/r.json", "/w/r.json.partial"], request.Spec.Policy.DenyWrite.AsEnumerable());
    }
}
