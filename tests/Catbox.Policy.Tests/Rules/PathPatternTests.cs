using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class PathPatternTests
{
    [Theory]
    // * stays in a component, names with a dot too; what lies below a match counts.
    [InlineData("/a/*.o", "/a/x.o", true)]
    [InlineData("/a/*.o", "/a/.o", true)]
    [InlineData("/a/*.o", "/a/x.o/below", true)]
    [InlineData("/a/*.o", "/a/x.oo", false)]
    [InlineData("/a/*.o", "/a/b/x.o", false)]
    [InlineData("/a/*", "/a", false)]
    [InlineData("/a/*", "/a/.hidden", true)]
    [InlineData("/a/*/", "/a/b", true)]
    [InlineData("/*", "/", false)]
    [InlineData("/a*", "/a", true)]
    // ** crosses components, and may be none.
    [InlineData("/a/**/x", "/a/x", true)]
    [InlineData("/a/**/x", "/a/b/c/x", true)]
    [InlineData("/a/**/x", "/a/bx", false)]
    [InlineData("/a/**", "/a", false)]
    [InlineData("/a/**", "/a/b/c", true)]
    [InlineData("/a/b**c", "/a/b/x/c", true)]
    // ? is a character.
    [InlineData("/a/?", "/a/x", true)]
    [InlineData("/a/?", "/a/é", true)]
    [InlineData("/a/?", "/a/", false)]
    [InlineData("/a?b", "/a/b", false)]
    [InlineData("/a/?", "/a/xy", false)]
    // Sets.
    [InlineData("/a/[b-d]", "/a/c", true)]
    [InlineData("/a/[b-d]", "/a/e", false)]
    [InlineData("/a/[!b-d]", "/a/e", true)]
    [InlineData("/a/[^b-d]", "/a/é", true)]
    [InlineData("/a/[!b-d]", "/a/c", false)]
    [InlineData("/a[!b]c", "/a/c", false)]
    [InlineData("/a[.-0]c", "/a/c", false)]
    [InlineData("/a[.-0]c", "/a.c", true)]
    [InlineData("/a/[]x]", "/a/]", true)]
    [InlineData("/a/[x-]", "/a/-", true)]
    [InlineData("/a/[é€]x", "/a/€x", true)]
    [InlineData("/a/[é€]x", "/a/\u00c3x", false)]
    [InlineData("/a/[\\]]", "/a/]", true)]
    // Alternatives.
    [InlineData("/a/{b,c*}/d", "/a/cc/d", true)]
    [InlineData("/a/{b,c}/d", "/a/e/d", false)]
    [InlineData("/{a,b/{c,d}}", "/b/d", true)]
    [InlineData("/{,x}a", "/a", true)]
    // Escapes.
    [InlineData("/a/\\*", "/a/*", true)]
    [InlineData("/a/\\*", "/a/b", false)]
    [InlineData("/a/\\\\", "/a/\\", true)]
    [InlineData("/a/\\x41", "/a/A", true)]
    [InlineData("/a/]}", "/a/]}", true)]
    [InlineData("/a/b,c", "/a/b,c", true)]
    public void A_glob_matches(string pattern, string path, bool matches) => AssertMatches(pattern, path, matches);

    [Theory]
    [InlineData("~/a/.*\\.o", "/a/b/x.o", true)]
    [InlineData("~/a", "/a/b", false)]
    [InlineData("~/a", "/xa", false)]
    [InlineData("~/a(/.*)?", "/a/b", true)]
    [InlineData("~/(a|b)", "/b", true)]
    [InlineData("~/a|/b", "/b", true)]
    [InlineData("~/a|/b", "/ab", false)]
    [InlineData("~/a|/b", "/a/b", false)]
    [InlineData("~^/a$", "/a", true)]
    [InlineData("~/a.*", "/a\n", true)]
    [InlineData("~/a$", "/a\n", false)]
    [InlineData("~/tmp/é.*", "/tmp/éa", true)]
    [InlineData("~/tmp/é+", "/tmp/ééé", true)]
    [InlineData("~/tmp/é?x", "/tmp/x", true)]
    [InlineData("~/tmp/\\u00e9", "/tmp/é", true)]
    [InlineData("~/tmp/\\xc3\\xa9", "/tmp/é", true)]
    [InlineData("~/tmp/[aé€]+", "/tmp/€éa", true)]
    [InlineData("~/tmp/[é]", "/tmp/à", false)]
    [InlineData("~/tmp/\\w+", "/tmp/a_1", true)]
    [InlineData("~/tmp/\\w+", "/tmp/é", false)]
    [InlineData("~/tmp/[\\d.]+", "/tmp/1.2", true)]
    [InlineData("~/tmp/\\W", "/tmp/-", true)]
    [InlineData("~/tmp/.{4}", "/tmp/éé", true)]
    [InlineData("~/tmp/[^/]+", "/tmp/é", true)]
    [InlineData("~(?i)/tmp", "/TMP", true)]
    [InlineData("~/a\\.b", "/axb", false)]
    [InlineData("~/a\\/b", "/a/b", true)]
    [InlineData("~/a{2}", "/aa", true)]
    [InlineData("~/..", "/xy", true)]
    public void A_regex_matches_the_whole_path(string pattern, string path, bool matches) => AssertMatches(pattern, path, matches);

    [Fact]
    public void Names_that_are_not_utf8_are_matched_as_bytes()
    {
        byte[] path = [.. "/a/"u8, 0xff, 0xfe];
        foreach (var pattern in new[] { "/a/*", "/a/??", "~/a/\\xff.", "/a/\\xff\\xfe", "~/a/[\\xf0-\\xff]+", "/a/[!x]?" })
        {
            var policy = Rule.Compile(new SandboxPolicy { Writable = [pattern] });
            Assert.True(policy.DecidePath(path, PathAccess.Write) == RuleDecision.Allow, pattern);
        }
    }

    [Theory]
    [InlineData("/a/b", 2)]
    [InlineData("/", 0)]
    [InlineData("/a/b*", 1)]
    [InlineData("/a/b/*", 2)]
    [InlineData("/a/{b,c}", 1)]
    [InlineData("/**", 0)]
    [InlineData("~/a/b/.*", 2)]
    [InlineData("~/a/b.*", 1)]
    [InlineData("~/a/b", 2)]
    [InlineData("~/a/b?", 1)]
    [InlineData("~/a/é*", 1)]
    [InlineData("~/a\\.b/c/.*", 2)]
    [InlineData("~/a/b/x|/a/b/y", 0)]
    [InlineData("~/a/b/(x|y)", 2)]
    [InlineData("~.*", 0)]
    [InlineData("~^/a/.*", 1)]
    [InlineData("~/a/+b", 0)]
    public void A_pattern_is_as_deep_as_its_whole_literal_components(string pattern, int depth)
        => Assert.Equal(depth, PathPattern.Parse(pattern, "path").Depth);

    [Theory]
    [InlineData("foo", "writable path \"foo\" is relative; write an absolute path, a glob or ~regex")]
    [InlineData("", "writable path is empty; write an absolute path, a glob or ~regex")]
    [InlineData("*.o", "is relative")]
    [InlineData("/a/../b", "contains \"..\"")]
    [InlineData("/a/\0", "NUL")]
    [InlineData("~/a/\0", "NUL")]
    [InlineData("/a/\\x00", "\\x00")]
    [InlineData("/a/\\x2f", "\\x2f")]
    [InlineData("/a/[b", "[ without ]")]
    [InlineData("/a/[b/c]", "[ without ]")]
    [InlineData("/a/[z-a]", "backwards")]
    [InlineData("/a/[[:alpha:]]", "named class")]
    [InlineData("/a/[!é]", "beyond ASCII")]
    [InlineData("/a/[a-é]", "beyond ASCII")]
    [InlineData("/a/{b", "{ without }")]
    [InlineData("/a/{b}", "single alternative")]
    [InlineData("/a/\\", "ends with a backslash")]
    [InlineData("/a/\\q", "unknown escape \\q")]
    [InlineData("~", "empty regex")]
    [InlineData("~foo.*", "matches no path")]
    [InlineData("~/a(", "is not a valid regex")]
    [InlineData("~/a)|(?:/b", "is not a valid regex")]
    [InlineData("~/a[", "[ without ]")]
    [InlineData("~/a(?=b)", "look-ahead")]
    [InlineData("~/(a)\\1", "back-references")]
    [InlineData("~/a(?<!b)", "look-behind")]
    [InlineData("~/(?>a)", "non-backtracking")]
    [InlineData("~/a\\b", "uses \\b")]
    [InlineData("~/\\p{L}", "uses \\p")]
    [InlineData("~/[\\p{L}]", "uses \\p")]
    [InlineData("~/[^é]", "beyond ASCII")]
    [InlineData("~/[à-ü]", "beyond ASCII")]
    [InlineData("~/[a-z-[b]]", "subtracts")]
    [InlineData("~/[[:alpha:]]", "named class")]
    [InlineData("~(?i)/é", "(?i)")]
    [InlineData("~(?x)/a", "(?x)")]
    [InlineData("~/a(?#b)", "comment")]
    [InlineData("~/a\\", "ends with a backslash")]
    [InlineData("~/.ssh", "${HOME}/.ssh")]
    [InlineData("~/\\ud800", "surrogate")]
    public void A_bad_pattern_is_refused_with_a_reason(string pattern, string reason)
    {
        var error = Assert.Throws<PolicyException>(() => Rule.Compile(new SandboxPolicy { Writable = [pattern] }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("writable path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        // Not as data of a theory: an attribute keeps its strings as UTF-8, where this one does not exist.
        foreach (var pattern in new[] { "/a/\ud800", "/a/\ud800/*", "/a/[\ud800]", "~/a/\ud800", "~/a/[\ud800]" })
        {
            var error = Assert.Throws<PolicyException>(() => Rule.Compile(new SandboxPolicy { Writable = [pattern] }));
            Assert.Contains("surrogate", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_message_names_the_list_that_the_pattern_is_in()
    {
        Assert.StartsWith("denied write \"x\"", Error(new SandboxPolicy { DenyWrite = ["x"] }), StringComparison.Ordinal);
        Assert.StartsWith("readable path \"x\"", Error(new SandboxPolicy { Readable = ["x"] }), StringComparison.Ordinal);
        Assert.StartsWith("denied read \"x\"", Error(new SandboxPolicy { DenyRead = ["x"] }), StringComparison.Ordinal);
        Assert.StartsWith("executable path \"x\"", Error(new SandboxPolicy { Executable = ["x"] }), StringComparison.Ordinal);
        Assert.StartsWith("denied execution \"x\"", Error(new SandboxPolicy { DenyExecute = ["x"] }), StringComparison.Ordinal);
        Assert.StartsWith("silent path \"x\"", Error(new SandboxPolicy { Silent = ["x"] }), StringComparison.Ordinal);

        static string Error(SandboxPolicy policy) => Assert.Throws<PolicyException>(() => Rule.Compile(policy)).Message;
    }

    [Theory]
    [InlineData("/a/[b]*")]
    [InlineData("/a/{x,y}\\z?")]
    [InlineData("/plain")]
    public void An_escaped_path_means_itself(string path)
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = [SandboxPolicy.EscapePattern(path)] });
        Assert.Equal(RuleDecision.Allow, policy.Write(path));
        Assert.True(PathPattern.Parse(SandboxPolicy.EscapePattern(path), "path").IsLiteral);
    }

    private static void AssertMatches(string pattern, string path, bool matches)
    {
        var policy = Rule.Compile(new SandboxPolicy { Writable = [pattern] });
        Assert.Equal(matches ? RuleDecision.Allow : RuleDecision.Deny, policy.Write(path));
    }
}
