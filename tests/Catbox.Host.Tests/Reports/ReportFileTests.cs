using System.Text.Json;
using Catbox.Host.Reports;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Reports;

public sealed class ReportFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("catbox-test-").FullName;

    private string FilePath => Path.Combine(_directory, "report.json");

    private string PartialPath => FilePath + ".partial";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private JsonElement Report(SandboxResult result, int code = 0, params Violation[] live)
    {
        using var report = new ReportFile(FilePath, new SandboxPolicy { Writable = ["/w"] });
        foreach (var violation in live)
        {
            report.Append(violation);
        }

        report.Finish(result, code);
        return JsonDocument.Parse(File.ReadAllBytes(FilePath)).RootElement;
    }

    [Fact]
    public void The_top_level_is_what_the_format_promises() => Assert.Equal(
        ["exit", "reason", "signal", "violation_count", "violations", "processes", "resources", "policy", "stops"],
        Report(Some.Result()).EnumerateObject().Select(static p => p.Name));

    [Fact]
    public void The_exit_is_the_programs_own() => Assert.Equal(137, Report(Some.Result(EndReason.Signaled, signal: 9), 137).GetProperty("exit").GetInt32());

    [Fact]
    public void A_violation_tells_all_that_is_known()
    {
        var violation = Report(Some.Result(violations: [Some.Violation("/var/x")])).GetProperty("violations")[0];
        Assert.Equal("openat", violation.GetProperty("operation").GetString());
        Assert.Equal("given", violation.GetProperty("path").GetString());
        Assert.Equal("/var/x", violation.GetProperty("resolved").GetString());
        Assert.Equal("refused", violation.GetProperty("outcome").GetString());
        Assert.Equal("EACCES", violation.GetProperty("errno").GetString());
        Assert.Equal("write", violation.GetProperty("subject").GetString());
        Assert.Equal(4711, violation.GetProperty("pid").GetInt32());
        Assert.Equal("/usr/bin/sh", violation.GetProperty("executable").GetString());
        Assert.Equal("allow with -p /var", violation.GetProperty("hint").GetString());
    }

    [Fact]
    public void A_name_that_is_not_UTF8_keeps_its_bytes()
    {
        var violation = Report(Some.Result(violations: [Some.Violation([(byte)'/', 0xff])])).GetProperty("violations")[0];
        Assert.Equal(@"/\xff", violation.GetProperty("resolved").GetString());
        Assert.Equal([(byte)'/', 0xff], violation.GetProperty("resolved_base64").GetBytesFromBase64());
    }

    [Fact]
    public void A_name_that_is_UTF8_stands_there_exactly() =>
        Assert.Equal("/\n\"\\é", Report(Some.Result(violations: [Some.Violation("/\n\"\\é")])).GetProperty("violations")[0].GetProperty("resolved").GetString());

    [Fact]
    public void Each_violation_is_a_complete_line_as_it_happens()
    {
        using var report = new ReportFile(FilePath, new SandboxPolicy());
        report.Append(Some.Violation("/a\nb"));
        report.Append(Some.Violation("/c"));
        var lines = File.ReadAllText(PartialPath);
        Assert.EndsWith("\n", lines, StringComparison.Ordinal);
        Assert.Equal(["/a\nb", "/c"], lines.TrimEnd('\n').Split('\n').Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("resolved").GetString()));
    }

    [Fact]
    public void Nothing_is_lost_where_the_result_did_not_keep_all()
    {
        Violation[] all = [.. Enumerable.Range(0, 5).Select(static i => Some.Violation($"/x/{i}"))];
        var report = Report(Some.Result(violations: [.. all[..2]], count: 5), 0, all);
        Assert.Equal(["/x/0", "/x/1", "/x/2", "/x/3", "/x/4"], report.GetProperty("violations").EnumerateArray().Select(static v => v.GetProperty("resolved").GetString()));
    }

    [Fact]
    public void Only_the_report_is_left_at_the_end()
    {
        Report(Some.Result());
        Assert.Equal([FilePath], Directory.GetFiles(_directory));
    }

    [Fact]
    public void An_older_report_is_replaced()
    {
        File.WriteAllText(FilePath, "old");
        Assert.Equal(JsonValueKind.Object, Report(Some.Result()).ValueKind);
    }

    [Fact]
    public void A_link_under_the_name_of_the_partial_file_is_not_followed()
    {
        var victim = Path.Combine(_directory, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(PartialPath, victim);
        Report(Some.Result(), 0, Some.Violation("/x"));
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void A_place_where_no_report_can_be_is_an_error_before_anything_runs() =>
        Assert.Throws<UsageException>(() => new ReportFile(Path.Combine(_directory, "missing", "r.json"), new SandboxPolicy()));

    [Fact]
    public void A_report_in_a_directory_that_does_not_exist_is_said_to_be_so() => Assert.EndsWith(
        ": its directory does not exist",
        Assert.Throws<UsageException>(() => new ReportFile(Path.Combine(_directory, "none", "r.json"), new SandboxPolicy())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_directory_is_no_report() => Assert.Throws<UsageException>(() => new ReportFile(_directory, new SandboxPolicy()));

    [Theory]
    [InlineData(EnforcementLevel.KernelEnforced, "kernel-enforced")]
    [InlineData(EnforcementLevel.TracerEnforced, "tracer-enforced")]
    [InlineData(EnforcementLevel.Advisory, "advisory")]
    public void Each_rule_stands_there_with_what_held_it(EnforcementLevel level, string name)
    {
        var rule = Report(Some.Result() with { Rules = [new RuleEnforcement("write /w", level, "because")] }).GetProperty("policy").GetProperty("rules")[0];
        Assert.Equal(("write /w", name, "because"), (rule.GetProperty("rule").GetString(), rule.GetProperty("level").GetString(), rule.GetProperty("reason").GetString()));
    }

    [Fact]
    public void The_policy_in_force_is_part_of_it() =>
        Assert.Equal("/w", Report(Some.Result()).GetProperty("policy").GetProperty("writable")[0].GetString());

    [Fact]
    public void The_processes_are_listed_with_how_they_ended()
    {
        var process = Report(Some.Result()).GetProperty("processes")[0];
        Assert.Equal("/usr/bin/make", process.GetProperty("executable").GetString());
        Assert.Equal(0, process.GetProperty("exit").GetInt32());
    }

    [Fact]
    public void The_stops_are_counted_by_call() =>
        Assert.Equal(7, Report(Some.Result()).GetProperty("stops").GetProperty("by_syscall").GetProperty("openat").GetInt32());
}
