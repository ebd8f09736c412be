using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Catbox.Host.Rendering;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Reports;

/// <summary>
/// The parts of a report as JSON. Written by hand: the order of the fields is part of the format, and no reflection is needed. A name that is UTF-8
/// stands there as it is; one that is not stands there escaped (<c>\xNN</c>), with its bytes beside it as base64.
/// </summary>
internal static class ReportWriter
{
    // JSON needs only quotes, backslashes and control characters escaped; the report is no part of a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one violation as a line without a line end.</summary>
    public static byte[] Violation(Violation violation, SandboxPolicy policy) => Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("operation", violation.Operation);
        Name(json, "path", violation.Given);
        Name(json, "resolved", violation.Resolved);
        json.WriteString("outcome", violation.LetThrough ? "let_through" : "refused");
        json.WriteString("errno", violation.Errno.ToString());
        json.WriteString("subject", violation.Subject.ToString().ToLowerInvariant());
        json.WriteNumber("pid", violation.Pid);
        json.WriteNumber("generation", violation.Generation);
        json.WriteNumber("tid", violation.Tid);
        json.WriteString("executable", violation.Executable);
        json.WriteString("time", violation.Time.UtcDateTime);
        if (ViolationHint.Of(violation, policy) is { } hint)
        {
            json.WriteString("hint", hint);
        }

        json.WriteEndObject();
    });

    /// <summary>Writes one process.</summary>
    public static byte[] Process(ProcessRecord process) => Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("pid", process.Pid);
        json.WriteNumber("generation", process.Generation);
        json.WriteNumber("parent_pid", process.ParentPid);
        json.WriteNumber("parent_generation", process.ParentGeneration);
        json.WriteString("executable", process.Executable);
        Strings(json, "arguments", process.Arguments);
        json.WriteString("started", process.Started.UtcDateTime);
        if (process.Ended is { } ended)
        {
            json.WriteString("ended", ended.UtcDateTime);
        }

        if (process.Status is { } status)
        {
            json.WriteNumber("exit", status.ShellCode);
            json.WriteNumber("signal", status.Signal);
            json.WriteBoolean("core_dumped", status.CoreDumped);
        }

        json.WriteNumber("user_seconds", process.UserTime.TotalSeconds);
        json.WriteNumber("system_seconds", process.SystemTime.TotalSeconds);
        json.WriteNumber("peak_memory_bytes", process.PeakMemory);
        json.WriteNumber("threads", process.Threads);
        json.WriteEndObject();
    });

    /// <summary>Writes what the run used.</summary>
    public static byte[] Resources(SandboxResult result) => Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("wall_seconds", result.WallTime.TotalSeconds);
        json.WriteNumber("user_seconds", result.UserTime.TotalSeconds);
        json.WriteNumber("system_seconds", result.SystemTime.TotalSeconds);
        json.WriteNumber("peak_memory_bytes", result.PeakMemory);
        json.WriteNumber("processes", result.Processes.Length);
        json.WriteEndObject();
    });

    /// <summary>Writes the policy that was in force, and what held each of its rules.</summary>
    public static byte[] Policy(SandboxPolicy policy, ImmutableArray<RuleEnforcement> rules) => Bytes(json =>
    {
        json.WriteStartObject();
        Strings(json, "writable", policy.Writable);
        Strings(json, "deny_write", policy.DenyWrite);
        Strings(json, "readable", policy.Readable);
        Strings(json, "deny_read", policy.DenyRead);
        Strings(json, "executable", policy.Executable);
        Strings(json, "deny_execute", policy.DenyExecute);
        Strings(json, "silent", policy.Silent);
        json.WriteString("network", policy.Network.ToString().ToLowerInvariant());
        json.WriteStartArray("network_rules");
        foreach (var rule in policy.NetworkRules)
        {
            json.WriteStartObject();
            json.WriteString("direction", rule.Direction.ToString().ToLowerInvariant());
            json.WriteBoolean("allow", rule.Allow);
            if (rule.UnixPath is { } path)
            {
                json.WriteString("unix", path);
            }
            else
            {
                json.WriteString("network", rule.Network?.ToString() ?? "*");
                json.WriteNumber("first_port", rule.FirstPort);
                json.WriteNumber("last_port", rule.LastPort);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("on_violation", policy.OnViolation.ToString().ToLowerInvariant());
        json.WriteBoolean("strict", policy.Strict);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Rule);
            json.WriteString("level", RuleTableText.Name(rule.Level));
            json.WriteString("reason", rule.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes the stops by kind.</summary>
    public static byte[] Stops(StopCounts stops) => Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("total", stops.Total);
        json.WriteNumber("seccomp", stops.Seccomp);
        json.WriteNumber("fork", stops.Fork);
        json.WriteNumber("exec", stops.Exec);
        json.WriteNumber("child_start", stops.ChildStart);
        json.WriteNumber("signal", stops.Signal);
        json.WriteNumber("group", stops.Group);
        json.WriteNumber("other", stops.Other);
        json.WriteStartObject("by_syscall");
        foreach (var (call, count) in stops.BySyscall)
        {
            json.WriteNumber(call, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Writes a text as a JSON string.</summary>
    public static byte[] Text(string? text) => Bytes(json => json.WriteStringValue(text));

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.ToArray();
    }

    private static void Name(Utf8JsonWriter json, string property, ImmutableArray<byte> name)
    {
        if (name.IsDefaultOrEmpty)
        {
            return;
        }

        if (Utf8.IsValid(name.AsSpan()))
        {
            json.WriteString(property, name.AsSpan());
            return;
        }

        json.WriteString(property, PathText.Escape(name.AsSpan()));
        json.WriteBase64String(property + "_base64", name.AsSpan());
    }

    private static void Strings(Utf8JsonWriter json, string property, ImmutableArray<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
