using Catbox.Host.Running;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

public sealed class RunOutcomeTests
{
    [Theory]
    [InlineData(EndReason.Exited, 0, 0, 0)]
    [InlineData(EndReason.Exited, 42, 0, 42)]
    [InlineData(EndReason.Signaled, 0, 15, 143)]
    [InlineData(EndReason.TimedOut, 0, 9, 124)]
    [InlineData(EndReason.Killed, 0, 9, 137)]
    [InlineData(EndReason.Killed, 0, 0, 137)]
    [InlineData(EndReason.ViolationKill, 0, 9, 137)]
    [InlineData(EndReason.Faulted, 0, 9, 125)]
    [InlineData(EndReason.HookFailed, 0, 0, 125)]
    public void The_exit_code_tells_the_end(EndReason reason, int code, int signal, int expected) =>
        Assert.Equal(expected, RunOutcome.ExitCode(Some.Result(reason, code, signal), failOnViolation: false));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    public void A_violation_fails_a_run_that_would_have_succeeded(int code, int expected) =>
        Assert.Equal(expected, RunOutcome.ExitCode(Some.Result(code: code, violations: [Some.Violation("/x")]), failOnViolation: true));

    [Fact]
    public void Without_a_violation_success_stays_success() => Assert.Equal(0, RunOutcome.ExitCode(Some.Result(), failOnViolation: true));

    [Fact]
    public void The_guests_own_end_needs_no_words() => Assert.Null(RunOutcome.Message(Some.Result(code: 3), new SandboxSpec { Command = ["true"] }));

    [Fact]
    public void A_fault_is_told_with_its_reason() => Assert.Contains(
        "resume pid 4711: EPERM",
        RunOutcome.Message(Some.Result(EndReason.Faulted, fault: "resume pid 4711: EPERM"), new SandboxSpec { Command = ["true"] }),
        StringComparison.Ordinal);
}
