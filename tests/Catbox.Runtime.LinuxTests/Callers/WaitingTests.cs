namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>A catbox that waits for what its command has left running.</summary>
[Trait("Category", "Ptrace")]
public sealed class WaitingTests
{
    private const string Daemon = "trap \"echo got; exit\" TERM; echo ready; while :; do sleep 0.05; done";

    [SkippableTheory]
    [InlineData("")]
    [InlineData("setsid ")]
    public void One_TERM_after_the_command_has_ended_reaches_those_that_are_left(string session)
    {
        using var caller = new Caller();
        var run = caller.Run($$"""
            $catbox run --wait-all -- sh -c '{{session}}sh -c "$1" & echo $$ >&2; exit 3' sh '{{Daemon}}' >said 2>pid & host=$!
            until grep -q ready said 2>/dev/null; do :; done
            while kill -0 $(cat pid) 2>/dev/null; do :; done
            kill -TERM $host; wait $host; echo $?; cat said
            """);
        Assert.Equal(["3", "ready", "got"], run.OutputLines);
    }
}
