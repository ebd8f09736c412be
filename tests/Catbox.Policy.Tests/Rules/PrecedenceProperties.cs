using System.Text;
using Catbox.Policy.Rules;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

/// <summary>
/// "The deepest literal path wins, deny wins a tie; a glob or regex counts as deep as its literal beginning", against an oracle that compares
/// components as strings and knows neither hashes nor regexes.
/// </summary>
public sealed class PrecedenceProperties
{
    private enum Tail
    {
        None,
        AnyName,
        AnyBelow,
        NameBeginsWithA,
        RegexAnything,
        RegexOneName,
    }

    private sealed record Pattern(string[] Beginning, Tail Tail)
    {
        public string Text
        {
            get
            {
                var beginning = string.Concat(Beginning.Select(component => "/" + component));
                return Tail switch
                {
                    Tail.None => beginning.Length == 0 ? "/" : beginning,
                    Tail.AnyName => beginning + "/*",
                    Tail.AnyBelow => beginning + "/**",
                    Tail.NameBeginsWithA => beginning + "/a*",
                    Tail.RegexAnything => "~" + beginning + "/.*",
                    _ => "~" + beginning + "/[ab]+",
                };
            }
        }

        public bool Matches(string[] path)
        {
            if (path.Length < Beginning.Length || !path.Take(Beginning.Length).SequenceEqual(Beginning))
            {
                return false;
            }

            var rest = path.Skip(Beginning.Length).ToArray();
            return Tail switch
            {
                Tail.None => true,
                Tail.AnyName or Tail.AnyBelow => rest.Length > 0,
                Tail.NameBeginsWithA => rest.Length > 0 && rest[0].StartsWith('a'),
                // The root itself is written "/", so it has the slash that the regex asks for.
                Tail.RegexAnything => rest.Length > 0 || path.Length == 0,
                _ => rest.Length == 1 && rest[0].All(c => c is 'a' or 'b'),
            };
        }
    }

    private static readonly Gen<string[]> s_path = Gen.OneOf("a", "b", "ab", "ax", "é").Array[0, 4];

    private static readonly Gen<Pattern> s_pattern = Gen.Select(
        Gen.OneOf("a", "b", "ab", "é").Array[0, 3],
        Gen.OneOf(Tail.None, Tail.None, Tail.None, Tail.AnyName, Tail.AnyBelow, Tail.NameBeginsWithA, Tail.RegexAnything, Tail.RegexOneName),
        (beginning, tail) => new Pattern(beginning, tail));

    private static readonly Gen<Pattern[]> s_patterns = s_pattern.Array[0, 4];

    [Fact]
    public void The_deepest_matching_rule_decides_a_write_and_deny_wins_a_tie()
        => Gen.Select(s_patterns, s_patterns, s_patterns, s_patterns, s_path.Array[1, 12]).Sample((writable, denied, unreadable, silent, paths) =>
        {
            var policy = Rule.Compile(new SandboxPolicy
            {
                Strict = true,
                Writable = Texts(writable),
                DenyWrite = Texts(denied),
                DenyRead = Texts(unreadable),
                Silent = Texts(silent),
            });
            foreach (var path in paths)
            {
                var allow = Deepest(writable, path);
                var quiet = Deepest(silent, path);
                var deny = Math.Max(Math.Max(Deepest(denied, path), Deepest(unreadable, path)), quiet);
                var expected = allow > deny ? RuleDecision.Allow : quiet >= 0 && quiet == deny ? RuleDecision.DenySilently : RuleDecision.Deny;
                Assert.Equal(expected, policy.Write(Text(path)));
            }
        }, iter: 600);

    [Fact]
    public void The_deepest_matching_rule_decides_a_read()
        => Gen.Select(s_patterns, s_patterns, s_patterns, s_path.Array[1, 12]).Sample((readable, writable, denied, paths) =>
        {
            var policy = Rule.Compile(new SandboxPolicy { Readable = Texts(readable), Writable = Texts(writable), DenyRead = Texts(denied) });
            foreach (var path in paths)
            {
                var allow = Math.Max(Deepest(readable, path), Deepest(writable, path));
                var deny = Deepest(denied, path);
                var allowed = allow > deny || (allow < 0 && deny < 0 && readable.Length == 0);
                Assert.Equal(allowed ? RuleDecision.Allow : RuleDecision.Deny, policy.Read(Text(path)));
            }
        }, iter: 600);

    [Fact]
    public void The_order_of_the_rules_does_not_matter()
        => Gen.Select(s_patterns, s_patterns, s_path).Sample((writable, denied, path) =>
        {
            var forward = Rule.Compile(new SandboxPolicy { Writable = Texts(writable), DenyWrite = Texts(denied) });
            var backward = Rule.Compile(new SandboxPolicy { Writable = Texts([.. writable.Reverse()]), DenyWrite = Texts([.. denied.Reverse()]) });
            Assert.Equal(forward.Write(Text(path)), backward.Write(Text(path)));
        }, iter: 500);

    [Fact]
    public void A_directory_never_allows_a_sibling_whose_name_begins_with_its_own()
        => Gen.Select(s_path, Gen.OneOf("x", "-", " ", ".", "\u00e9", "0"), s_path).Sample((directory, more, below) =>
        {
            if (directory.Length == 0)
            {
                return;
            }

            var policy = Rule.Compile(new SandboxPolicy { Writable = [Text(directory)] });
            var sibling = Text(directory) + more;
            Assert.Equal(RuleDecision.Deny, policy.Write(sibling));
            Assert.Equal(RuleDecision.Deny, policy.Write(sibling + (below.Length == 0 ? "" : Text(below))));
            Assert.Equal(RuleDecision.Allow, policy.Write(Text([.. directory, .. below])));
        }, iter: 400);

    [Fact]
    public void Hundreds_of_literals_are_found_as_a_few_are()
        => Gen.Select(Gen.OneOf("a", "b", "c", "d", "e", "f").Array[1, 5].Array[50, 300], Gen.OneOf("a", "b", "c", "d", "e", "f").Array[1, 7].Array[20])
            .Sample((directories, paths) =>
            {
                var policy = Rule.Compile(new SandboxPolicy { Strict = true, Writable = [.. directories.Select(Text)] });
                foreach (var path in paths)
                {
                    var expected = directories.Any(directory => path.Take(directory.Length).SequenceEqual(directory));
                    Assert.Equal(expected, policy.Write(Text(path)) == RuleDecision.Allow);
                }
            }, iter: 50);

    [Fact]
    public void Any_bytes_at_all_get_an_answer()
    {
        // Patterns that make a backtracking engine take exponential time on long runs of a.
        var policy = Rule.Compile(new SandboxPolicy { Writable = ["~/(a+)+b", "~/(a|a)*c", "/**/a*a*a*a*a*a*b", "~/(.*a){12}x"] });
        Assert.Equal(RuleDecision.Deny, policy.Write("/" + new string('a', 4000)));
        Assert.Equal(RuleDecision.Deny, policy.Write("/" + new string('a', 40_000)));
        Assert.Equal(RuleDecision.Allow, policy.Write("/" + new string('a', 40_000) + "b"));
        Gen.OneOf<byte>(Gen.Byte, Gen.OneOf((byte)'a', (byte)'/', (byte)'b')).Array[0, 200]
            .Sample(path => policy.DecidePath([.. "/"u8, .. path], PathAccess.Write) != RuleDecision.DenySilently, iter: 500);
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        var policy = Rule.Compile(new SandboxPolicy
        {
            Writable = ["/work", "/work/*.o", "~/work/[a-z]+/.*"],
            DenyWrite = ["/work/x/**", "~/work/.*\\.lock"],
            NetworkRules = [.. NetworkRuleParser.ParseConnect("10.0.0.0/8:443"), .. NetworkRuleParser.ParseConnect("unix:/run/*.sock")],
        });
        var path = Encoding.UTF8.GetBytes("/work/abc/def/ghi.o");
        var socket = Encoding.UTF8.GetBytes("/run/some.sock");
        var address = Rule.Address("::ffff:10.0.0.1", 443);
        var unix = Rule.Unix("/run/some.sock");
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            for (var i = 0; i < 1_000; i++)
            {
                policy.DecidePath(path, PathAccess.Write);
                policy.DecidePath(path, PathAccess.Read);
                policy.DecideConnect(address, default);
                policy.DecideConnect(unix, socket);
                policy.DecideBind(address);
                policy.DecideSocket(2, 1, 0);
            }
        }
    }

    private static System.Collections.Immutable.ImmutableArray<string> Texts(Pattern[] patterns) => [.. patterns.Select(pattern => pattern.Text)];

    private static string Text(string[] path) => path.Length == 0 ? "/" : string.Concat(path.Select(component => "/" + component));

    private static int Deepest(Pattern[] patterns, string[] path)
        => patterns.Where(pattern => pattern.Matches(path)).Select(pattern => pattern.Beginning.Length).DefaultIfEmpty(-1).Max();
}
