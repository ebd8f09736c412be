using System.Diagnostics;
using System.Text;
using Catbox.Host.Rendering;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;

namespace Catbox.Host.Tests.Rendering;

/// <summary>
/// Every piece of advice, taken as it stands through a shell and the command line, makes its violation go away: over policies, kinds of refusals and objects with names that mean something to a
/// shell, a pattern or a terminal.
/// </summary>
public sealed class HintPropertyTests
{
    private const string Advice = "allow with ";

    private static readonly SandboxPolicy[] s_policies =
    [
        new(),
        new() { Writable = ["/w"] },
        new() { Writable = ["/w", "/d"], DenyWrite = ["/w/no", "/d/*.o", "~/w/[a-c]+"], DenyRead = ["/w/secret", "/k"], Silent = ["/q"] },
        new() { Readable = ["/r"], DenyRead = ["/r/key"], Executable = ["/b"], DenyExecute = ["/b/su"] },
        new() { Network = NetworkMode.On },
        new() { Network = NetworkMode.On, NetworkRules = [.. NetworkRuleParser.Parse("10.0.0.0/8:*", allow: false, NetworkDirection.Connect)], Strict = true },
        new() { NetworkRules = [.. NetworkRuleParser.ParseConnect("127.0.0.1:80"), .. NetworkRuleParser.Parse("*:*", allow: false, NetworkDirection.Connect)] },
    ];

    private static readonly string[] s_names =
    [
        "plain", "sp ace", "it's", "\"dq\"", "*star*", "q?m", "[a-b]", "{b,c}", "~tilde", "\\x41", "back\\slash", "new\nline", "\u00ff\u00fe", "$HOME", "trail ", "@at", "-dash", "a:b",
        "\u00c3\u00bc", "\u00e2\u0080\u00ae", "tab\t", "#hash", "%41", "!bang", "...", "(deleted)", "a;b", "&", "a=b", "**", "\u0001\u001b[31m", "`id`", "x'$(id)'", "a\u00c2\u00a0b",
    ];

    private static readonly string[] s_paths =
    [
        "/", "/home", "/w", "/w/no/x", "/w/secret", "/w/abc", "/d/x.o", "/d/x.o/y", "/k/id", "/q/x", "/r/key", "/r", "/b/su", "/b/sh", "/tmp/x", "/dev/sda", "/dev/null", "/dev/mqueue/q", "/proc/123/fd/4",
        "/proc/123/mem", "/proc/sys/kernel/x", "pipe:[12]", "", "relative", "/a/./b",
    ];

    private static readonly string[] s_destinations =
    [
        "1.2.3.4:80", "127.0.0.1:80", "127.0.0.1:0", "0.0.0.0:0", "::1:80", ":::0", "::ffff:10.1.2.3:53", "fe80::1:443", "10.1.2.3:22", "0.0.0.0:65535", "unknown", "/run/x.sock", "@name", "@", "@a@b", "@a\0b", "@abs\0\0",
        "@\u00ff\n", "@*", "@it's",
    ];

    [Fact]
    public void Advice_that_is_taken_helps()
    {
        var given = 0;
        foreach (var (policy, subject, operation, resolved) in Cases())
        {
            var violation = Some.Violation(Encoding.Latin1.GetBytes(resolved), subject, operation);
            if (ViolationHint.Of(violation, policy) is not { } hint || !hint.StartsWith(Advice, StringComparison.Ordinal))
            {
                continue;
            }

            given++;
            Assert.DoesNotContain(hint, static c => char.IsControl(c));
            var taken = policy.Merge(Taken(hint[Advice.Length..]));
            var rules = CompiledPolicy.Compile(taken, new PolicyContext());
            if (subject == ViolationSubject.Queue)
            {
                Assert.True(Hindsight.Allows(rules, ViolationSubject.Write, violation.Resolved.AsSpan()), hint);
            }
            else
            {
                Assert.True(Hindsight.Allows(rules, subject, violation.Resolved.AsSpan()), $"{subject} {operation} {violation.ResolvedText}: {hint}");
            }
        }

        Assert.InRange(given, 200, int.MaxValue);
    }

    [Fact]
    public void A_directory_that_is_named_does_not_let_its_sibling_be_written()
    {
        foreach (var name in s_names)
        {
            var hint = ViolationHint.Of(Some.Violation(Encoding.Latin1.GetBytes($"/o/{name}/file")), new SandboxPolicy());
            Assert.NotNull(hint);
            var rules = CompiledPolicy.Compile(Taken(hint[Advice.Length..]), new PolicyContext());
            Assert.False(Hindsight.Allows(rules, ViolationSubject.Write, "/o/other/file"u8), hint);
        }
    }

    private static IEnumerable<(SandboxPolicy Policy, ViolationSubject Subject, string Operation, string Resolved)> Cases()
    {
        string[] paths = [.. s_paths, .. s_names.SelectMany(static n => new[] { $"/o/{n}/file", $"/{n}/x", $"/w/no/{n}" })];
        foreach (var policy in s_policies)
        {
            foreach (var path in paths)
            {
                yield return (policy, ViolationSubject.Write, "openat", path);
                yield return (policy, ViolationSubject.Read, "openat", path);
                yield return (policy, ViolationSubject.Execute, "execve", path);
                yield return (policy, ViolationSubject.Queue, "mq_open", path);
            }

            foreach (var destination in s_destinations)
            {
                yield return (policy, ViolationSubject.Connect, "connect", destination);
                yield return (policy, ViolationSubject.Bind, "bind", destination);
            }

            foreach (var family in new[] { "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK", "family 45" })
            {
                foreach (var type in new[] { "SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET", "type 10" })
                {
                    foreach (var protocol in new[] { "", " protocol 1", " protocol 6", " protocol 17", " protocol 58", " protocol 132", " protocol 262", " protocol -1" })
                    {
                        yield return (policy, ViolationSubject.Socket, "socket", $"{family} {type}{protocol}");
                    }
                }
            }

            yield return (policy, ViolationSubject.Process, "kill", "process 1");
            yield return (policy, ViolationSubject.Call, "mount", "/mnt");
        }
    }

    /// <summary>The options of a hint, through a shell and our command line.</summary>
    private static SandboxPolicy Taken(string options)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "printf '%s\\0' " + options]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var words = shell.StandardOutput.ReadToEnd().TrimEnd('\0').Split('\0');
        shell.WaitForExit();
        return new Cli("/").Run([.. words, "--", "true"]).Spec.Policy;
    }
}
