using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class PathDecisionTests
{
    [Fact]
    public void Nothing_is_writable_by_default_but_the_devices()
    {
        var policy = Rule.Compile(new SandboxPolicy());
        Assert.Equal(RuleDecision.Deny, policy.Write("/tmp/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/dev/shm/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/dev/sda"));
        Assert.All(SandboxPolicy.DefaultWritable, path => Assert.Equal(RuleDecision.Allow, policy.Write(path)));
        Assert.Equal(RuleDecision.Allow, policy.Write("/dev/pts/17"));
    }

    [Fact]
    public void Everything_may_be_read_and_executed_by_default()
    {
        var policy = Rule.Compile(new SandboxPolicy());
        Assert.Equal(RuleDecision.Allow, policy.Read("/etc/shadow"));
        Assert.Equal(RuleDecision.Allow, policy.Execute("/bin/sh"));
    }

    [Theory]
    [InlineData("/a/dir")]
    [InlineData("/a/dir/")]
    [InlineData("//a/./dir//")]
    public void A_directory_means_itself_and_what_lies_below(string pattern)
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = [pattern] });
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/dir"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/dir/"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/dir/x/y"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/a/dirlala"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/a"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/x/a/dir"));
    }

    [Fact]
    public void The_root_is_every_path()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/"], DenyWrite = ["/etc"] });
        Assert.Equal(RuleDecision.Allow, policy.Write("/"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/etc/passwd"));
    }

    [Fact]
    public void A_denied_path_inside_a_writable_one_is_denied_and_a_deeper_writable_one_inside_that_is_allowed()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/a", "/a/b/c"], DenyWrite = ["/a/b"] });
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/a/b/x"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/b/c/x"));
    }

    [Fact]
    public void Deny_wins_a_tie()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/a", "/b/*.o", "~/c/.*"], DenyWrite = ["/a", "~/b/x.*", "/c/*"] });
        Assert.Equal(RuleDecision.Deny, policy.Write("/a/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/b/x.o"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/b/y.o"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/c/x"));
    }

    [Fact]
    public void A_denied_read_is_a_denied_write_too_unless_a_deeper_writable_path_says_otherwise()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/home", "/home/me/.ssh/ok"], DenyRead = ["/home/me/.ssh"] });
        Assert.Equal(RuleDecision.Deny, policy.Read("/home/me/.ssh/id"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/home/me/.ssh/id"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/home/me/.ssh/ok"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/home/me/.ssh/ok/x"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/home/me/.profile"));
    }

    [Fact]
    public void Readable_paths_make_the_rest_unreadable_but_for_what_is_writable()
    {
        var policy = Rule.Compile(new SandboxPolicy { Readable = ["/usr"], Writable = ["/work"] }, "/tmp/session");
        Assert.Equal(RuleDecision.Allow, policy.Read("/usr/lib/x"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/work/x"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/tmp/session/x"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/dev/null"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/dev/pts/3"));
        Assert.Equal(RuleDecision.Deny, policy.Read("/etc/passwd"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/usr/lib/x"));
    }

    [Fact]
    public void Executable_paths_make_the_rest_not_executable()
    {
        var policy = Rule.Compile(new SandboxPolicy { Executable = ["/usr/bin"], DenyExecute = ["/usr/bin/gdb"] });
        Assert.Equal(RuleDecision.Allow, policy.Execute("/usr/bin/cc"));
        Assert.Equal(RuleDecision.Deny, policy.Execute("/usr/bin/gdb"));
        Assert.Equal(RuleDecision.Deny, policy.Execute("/opt/x"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/usr/bin/gdb"));
    }

    [Fact]
    public void A_silent_path_is_denied_without_a_report()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/a"], Silent = ["/a/cache", "/x"], DenyWrite = ["/x/loud"] });
        Assert.Equal(RuleDecision.DenySilently, policy.Write("/a/cache/y"));
        Assert.Equal(RuleDecision.DenySilently, policy.Write("/x/y"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/x/loud"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/a/y"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/x/y"));
    }

    [Fact]
    public void A_silent_path_silences_the_denial_of_reads_and_executions_and_denies_none()
    {
        var policy = Rule.Compile(new SandboxPolicy { Readable = ["/usr"], DenyExecute = ["/s/x"], Silent = ["/s"] });
        Assert.Equal(RuleDecision.DenySilently, policy.Read("/s/y"));
        Assert.Equal(RuleDecision.Allow, policy.Execute("/s/y"));
        Assert.Equal(RuleDecision.Deny, policy.Execute("/s/x"));
    }

    [Fact]
    public void Strict_takes_back_what_is_writable_without_asking_and_leaves_it_readable()
    {
        var policy = Rule.Compile(new SandboxPolicy { Strict = true, Readable = ["/usr"], Writable = ["/dev/tty"] }, "/tmp/session");
        Assert.True(policy.IsStrict);
        Assert.Equal(RuleDecision.Deny, policy.Write("/dev/null"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/dev/pts/3"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/tmp/session/x"));
        Assert.Equal(RuleDecision.Allow, policy.Write("/dev/tty"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/dev/null"));
        Assert.Equal(RuleDecision.Allow, policy.Read("/tmp/session/x"));
    }

    [Fact]
    public void A_terminal_can_be_denied_by_the_directory()
    {
        var policy = Rule.Compile(new SandboxPolicy { DenyWrite = ["/dev/pts"] });
        Assert.Equal(RuleDecision.Deny, policy.Write("/dev/pts/3"));
    }

    [Fact]
    public void The_session_s_directory_is_taken_literally()
    {
        var policy = Rule.Compile(new SandboxPolicy(), "/tmp/[a]*");
        Assert.Equal(RuleDecision.Allow, policy.Write("/tmp/[a]*/x"));
        Assert.Equal(RuleDecision.Deny, policy.Write("/tmp/ab/x"));
    }

    [Theory]
    [InlineData("/var", true)]
    [InlineData("/var/x", true)]
    [InlineData("/var/", true)]
    [InlineData("/", true)]
    [InlineData("/var/x/y", false)]
    [InlineData("/va", false)]
    [InlineData("/home", false)]
    [InlineData("/r", true)]
    [InlineData("/r/s", true)]
    [InlineData("/r/s/t", false)]
    public void What_leads_to_something_writable_is_known(string path, bool leads)
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/var/x/y", "~/r/s/[tu].*"] });
        Assert.Equal(leads, policy.LeadsToWritable(Rule.Bytes(path)));
    }

    [Fact]
    public void A_path_that_is_not_absolute_is_not_writable()
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["/"] });
        Assert.Equal(RuleDecision.Deny, policy.Write("pipe:[12]"));
        Assert.Equal(RuleDecision.Deny, policy.Write(""));
    }
}
