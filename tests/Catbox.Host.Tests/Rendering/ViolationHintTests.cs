using Catbox.Host.Rendering;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;

namespace Catbox.Host.Tests.Rendering;

public sealed class ViolationHintTests
{
    private static readonly SandboxPolicy Default = new();

    [Theory]
    [InlineData("/var/cache/x", "allow with -p /var/cache")]
    [InlineData("/home", "allow with -p /home")]
    [InlineData("/a b/x", "allow with -p '/a b'")]
    [InlineData("/it's/x", @"allow with -p '/it'\''s'")]
    [InlineData("/a[1]/x", @"allow with -p '/a\[1\]'")]
    [InlineData("/a\n/x", @"allow with -p '/a\x0a'")]
    [InlineData("/grüße/x", "allow with -p /grüße")]
    public void A_write_names_the_directory(string path, string hint) => Assert.Equal(hint, ViolationHint.Of(Some.Violation(path), Default));

    [Fact]
    public void A_directory_that_is_not_UTF8_is_named_by_its_bytes() =>
        Assert.Equal(@"allow with -p '/\xff'", ViolationHint.Of(Some.Violation([(byte)'/', 0xff, (byte)'/', (byte)'x']), Default));

    [Theory]
    [InlineData("pipe:[12]")]
    [InlineData("/")]
    [InlineData("")]
    public void What_no_option_would_allow_gets_no_hint(string path) => Assert.Null(ViolationHint.Of(Some.Violation(path), Default));

    [Fact]
    public void A_write_that_a_rule_denies_names_the_rule() => Assert.Equal(
        "denied by --deny-write /w/.git/hooks",
        ViolationHint.Of(Some.Violation("/w/.git/hooks/x"), new SandboxPolicy { DenyWrite = ["/w/.git", "/w/.git/hooks", "/w/.git/hoo"] }));

    [Fact]
    public void A_file_of_a_process_has_another_name_the_next_time() => Assert.Null(ViolationHint.Of(Some.Violation("/proc/123/fd/4"), Default));

    [Theory]
    [InlineData("rename", "/w/secret/x", "denied by --deny-read /w/secret")]
    [InlineData("rename", "/w/dir", "denied by --deny-read /w/dir/key")]
    [InlineData("renameat2", "/w", "denied by --deny-read /w/secret")]
    [InlineData("openat", "/w/dir", null)]
    public void What_a_denied_read_keeps_in_its_place_names_the_rule(string operation, string path, string? hint) => Assert.Equal(
        hint, ViolationHint.Of(Some.Violation(path, operation: operation), new SandboxPolicy { Writable = ["/w"], DenyRead = ["/w/secret", "/w/dir/key"] }));

    [Fact]
    public void A_writable_directory_that_is_taken_away_needs_the_one_above_it() => Assert.Equal(
        "allow with -p /a", ViolationHint.Of(Some.Violation("/a/w", operation: "rmdir"), new SandboxPolicy { Writable = ["/a/w"] }));

    [Fact]
    public void Under_an_open_network_there_is_none_for_what_no_policy_allows() =>
        Assert.Null(ViolationHint.Of(Some.Violation("AF_ALG SOCK_SEQPACKET", ViolationSubject.Socket), new SandboxPolicy { Network = NetworkMode.On }));

    [Fact]
    public void A_read_that_a_rule_denies_does_not_advise_to_allow_only_that() =>
        Assert.Equal("denied by --deny-read /k", ViolationHint.Of(Some.Violation("/k/id", ViolationSubject.Read), new SandboxPolicy { DenyRead = ["/k"] }));

    [Fact]
    public void A_read_outside_what_may_be_read_names_the_file() =>
        Assert.Equal("allow with --read /k/id", ViolationHint.Of(Some.Violation("/k/id", ViolationSubject.Read), new SandboxPolicy { Readable = ["/r"] }));

    [Fact]
    public void A_program_outside_what_may_run_is_named() =>
        Assert.Equal("allow with --exec /bin/sh", ViolationHint.Of(Some.Violation("/bin/sh", ViolationSubject.Execute), new SandboxPolicy { Executable = ["/e"] }));

    [Theory]
    [InlineData(ViolationSubject.Socket, "AF_INET SOCK_STREAM", "allow with --connect 'localhost:*'")]
    [InlineData(ViolationSubject.Socket, "AF_NETLINK SOCK_RAW", "allow with --connect 'localhost:*'")]
    [InlineData(ViolationSubject.Socket, "AF_INET SOCK_DGRAM protocol 1", "allow with -n")]
    [InlineData(ViolationSubject.Socket, "AF_INET SOCK_STREAM protocol 262", null)]
    [InlineData(ViolationSubject.Socket, "AF_PACKET SOCK_RAW", null)]
    [InlineData(ViolationSubject.Socket, "AF_VSOCK SOCK_STREAM", null)]
    [InlineData(ViolationSubject.Connect, "1.2.3.4:80", "allow with --connect 1.2.3.4:80")]
    [InlineData(ViolationSubject.Connect, "::1:80", "allow with --connect '[::1]:80'")]
    [InlineData(ViolationSubject.Connect, "[::1]:80", "allow with --connect '[::1]:80'")]
    [InlineData(ViolationSubject.Connect, "/run/x.sock", "allow with --connect /run/x.sock")]
    [InlineData(ViolationSubject.Connect, "unknown", null)]
    [InlineData(ViolationSubject.Bind, "0.0.0.0:80", "allow with --bind 0.0.0.0:80")]
    [InlineData(ViolationSubject.Bind, "0.0.0.0:0", "allow with --bind '0.0.0.0:*'")]
    [InlineData(ViolationSubject.Bind, ":::0", "allow with --bind '[::]:*'")]
    [InlineData(ViolationSubject.Bind, "@a\0b", @"allow with --bind '@a\x00b'")]
    [InlineData(ViolationSubject.Connect, "@a@b", "allow with --connect @a@b")]
    [InlineData(ViolationSubject.Connect, "@a*", @"allow with --connect '@a\*'")]
    [InlineData(ViolationSubject.Queue, "/dev/mqueue/q", "allow with -p /dev/mqueue --landlock off")]
    [InlineData(ViolationSubject.Process, "1", null)]
    [InlineData(ViolationSubject.Call, "", null)]
    public void The_network_is_hinted_at_by_destination(ViolationSubject subject, string resolved, string? hint) =>
        Assert.Equal(hint, ViolationHint.Of(Some.Violation(resolved, subject), Default));
}
