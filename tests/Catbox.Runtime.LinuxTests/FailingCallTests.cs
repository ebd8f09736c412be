using System.Collections.Immutable;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>
/// A call that the kernel refuses anyway is refused inside with the same error, and is no violation: hundreds of calls with unknown flags, bad descriptors and pointers, objects
/// of another kind and processes that are not there, made outside and inside, and compared line by line. What differs is listed here, with its reason.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class FailingCallTests(EngineFixture engine)
{
    /// <summary>Answered by the filter alone, whatever the arguments: nobody is asked, and nothing is told.</summary>
    private static readonly string[] s_answeredByTheFilter =
    [
        "kcmp", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "process_madvise", "process_mrelease", "ptrace", "migrate_pages", "move_pages", "name_to_handle_at",
        "syslog", "keyctl", "add_key", "request_key", "perf_event_open", "fanotify_init", "fanotify_mark", "userfaultfd", "memfd_secret", "io_uring_setup", "landlock_create_ruleset",
        "modify_ldt", "ioperm", "iopl", "setsockopt", "ioctl",
    ];

    /// <summary>Single lines that differ.</summary>
    private static readonly string[] s_known =
    [
        // A descriptor that was opened with O_PATH is taken for an open one.
        "pidfd_send_signal(one, ",

        // Landlock's own order: it looks at the family before the protocol does.
        "connect(tcp, &to6, sizeof to6)",

        // What only doing it would show: an address that is not this machine's, a file system that is not known, a directory that is no mount, a map that is none.
        "bind(tcp, &to, sizeof to)", "fsopen(\"nothing\", 0)", "fspick(AT_FDCWD, \"d\", 0)", "bpf(1, bytes, 32)",

        // Whether a user has processes is not asked.
        "setpriority(2, NOBODY, 5)", "ioprio_set(3, NOBODY, 0)",

        // The filter sees registers, and no memory: a listener is refused before its program is read. A namespace is refused before the kernel sees that it does not go with a shared table.
        "seccomp(1, 8, BAD)", "seccomp(1, 9, BAD)", "clone(CLONE_NEWIPC | CLONE_SYSVSEM", "prctl(62, ",
    ];

    /// <summary>The operations that are told though they would have failed.</summary>
    private static readonly string[] s_told = ["bind", "fsopen", "fspick", "bpf", "setpriority", "ioprio_set"];

    [Fact]
    public async Task A_call_that_fails_anyway_fails_with_the_kernels_error_and_is_no_violation()
    {
        using var outside = new Scratch();
        var expected = Lines(Unconfined.RunGuest("failing_calls", outside.Inside).Succeeded().OutputLines);
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("failing_calls", scratch) with
        {
            // With rules for the network all of its calls are judged.
            Policy = scratch.Policy with { NetworkRules = [.. NetworkRuleParser.ParseConnect("127.0.0.1:9"), .. NetworkRuleParser.ParseConnect("[::1]:9")] },
        };
        var run = (await engine.RunAsync(spec)).Succeeded();
        var got = Lines(run.OutputLines);
        Assert.Equal(expected.Keys, got.Keys);
        var differences = expected.Where(line => got[line.Key] != line.Value && !IsKnown(line.Key)).Select(line => $"{line.Key}: {line.Value} -> {got[line.Key]}");
        Assert.Empty(differences);
        Assert.Empty(run.Result.Violations.Select(static v => v.Operation).Except(s_told));
    }

    [Fact]
    public async Task Under_collect_only_too()
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(EngineFixture.Guest("failing_calls", scratch) with { Policy = EngineFixture.CollectOnly(scratch) with { Network = NetworkMode.On } })).Succeeded();
        Assert.Empty(run.Result.Violations.Select(static v => v.Operation).Except(s_told));
    }

    private static bool IsKnown(string call) =>
        s_answeredByTheFilter.Contains(call[..call.IndexOf('(', StringComparison.Ordinal)].Trim()) || Array.Exists(s_known, known => call.StartsWith(known, StringComparison.Ordinal));

    private static ImmutableSortedDictionary<string, string> Lines(string[] lines) => lines
        .Select(static line => (Call: line[..line.LastIndexOf(": ", StringComparison.Ordinal)], Answer: line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]))
        .GroupBy(static line => line.Call)
        .ToImmutableSortedDictionary(static same => same.Key, static same => string.Join(" and ", same.Select(static line => line.Answer)), StringComparer.Ordinal);
}
