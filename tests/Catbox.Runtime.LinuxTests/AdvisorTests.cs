using System.Collections.Concurrent;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Calls;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Somebody is asked about each judged call of a real guest, and answers later.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class AdvisorTests
{
    private const int SIGUSR1 = 10;

    [Fact]
    public async Task A_guest_whose_calls_are_answered_later_does_as_it_would()
    {
        var advisor = new SlowAdvisor();
        using var scratch = new Scratch();
        var run = await RunAsync(advisor, EngineFixture.Command(scratch, "/bin/sh", "-c", "mkdir a && echo x > a/b && mv a/b a/c && cat a/c && rm -r a"));

        Assert.Equal(("x", 0), (run.Output.Trim(), run.Result.Exit.Code));
        Assert.True(advisor.Asked >= 4, $"{advisor.Asked} calls");
    }

    [Fact]
    public async Task What_the_advisor_refuses_fails_with_its_error_and_is_told()
    {
        var advisor = new Answers(static question => question.Operation == "mkdir" || question.Operation == "mkdirat" ? Verdict.Deny(Errno.EDQUOT) : Verdict.Continue);
        using var scratch = new Scratch();
        var run = await RunAsync(advisor, EngineFixture.Command(scratch, "/bin/sh", "-c", "mkdir a 2>/dev/null; echo $?; echo x > b"));

        Assert.Equal("1", run.Output.Trim());
        Assert.False(Directory.Exists(scratch.In("a")));
        Assert.True(File.Exists(scratch.In("b")));
        Assert.Equal(Errno.EDQUOT, Assert.Single(run.Result.Violations).Errno);
    }

    [Fact]
    public async Task What_the_rules_refuse_nobody_can_allow()
    {
        using var scratch = new Scratch();
        var run = await RunAsync(new Answers(static _ => Verdict.Continue), EngineFixture.Command(scratch, "/bin/sh", "-c", $"echo x > {scratch.Out("f")}"));

        Assert.NotEqual(0, run.Result.Exit.Code);
        Assert.False(File.Exists(scratch.Out("f")));
    }

    [Fact]
    public async Task Without_an_answer_the_call_is_refused_when_the_time_is_over()
    {
        using var scratch = new Scratch();
        var advisor = new Answers(static question => question.First.EndsWith("/slow", StringComparison.Ordinal) ? null : Verdict.Continue);
        var run = await RunAsync(advisor, EngineFixture.Command(scratch, "/bin/sh", "-c", "echo x > slow; echo $?; echo y > fast"), TimeSpan.FromMilliseconds(200));

        Assert.False(File.Exists(scratch.In("slow")));
        Assert.True(File.Exists(scratch.In("fast")));
    }

    [Fact]
    public async Task A_guest_that_waits_for_an_answer_is_killed_and_the_late_answer_goes_nowhere()
    {
        using var scratch = new Scratch();
        var asked = new TaskCompletionSource<Action<Verdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var advisor = new Later(asked);
        await using var runner = Runner(advisor, TimeSpan.FromMinutes(5));
        await using var sandbox = await runner.StartAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", "echo x > f"));
        var answer = await asked.Task.WaitAsync(EngineFixture.Deadline);

        await sandbox.KillAsync();
        var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
        answer(Verdict.Continue);

        Assert.Equal(EndReason.Killed, result.Reason);
        Assert.Null(result.Fault);
        Assert.False(File.Exists(scratch.In("f")));
    }

    [Fact]
    public async Task A_session_whose_guest_waits_for_an_answer_holds_no_other()
    {
        using var scratch = new Scratch();
        var asked = new TaskCompletionSource<Action<Verdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var advisor = new Later(asked);
        await using var runner = Runner(advisor, TimeSpan.FromMinutes(5));
        await using var waits = await runner.StartAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", "echo x > f"));
        var answer = await asked.Task.WaitAsync(EngineFixture.Deadline);

        await using var other = await runner.StartAsync(EngineFixture.Command(scratch, "/bin/sh", "-c", "echo y > g"));
        Assert.Equal(0, (await other.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        Assert.False(waits.Completion.IsCompleted);

        answer(Verdict.Continue);
        Assert.Equal(0, (await waits.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        Assert.True(File.Exists(scratch.In("f")));
    }

    [Fact]
    public async Task A_guest_that_waits_for_an_answer_runs_its_handlers_and_then_makes_the_call()
    {
        using var scratch = new Scratch();
        var asked = new TaskCompletionSource<Action<Verdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var advisor = new Later(asked, "/asked");
        await using var runner = Runner(advisor, TimeSpan.FromMinutes(5));
        await using var sandbox = await runner.StartAsync(EngineFixture.Guest("takes_signal_in_call", scratch, "handled"));
        var answer = await asked.Task.WaitAsync(EngineFixture.Deadline);
        sandbox.Signal(SIGUSR1);
        using var lines = new StreamReader(sandbox.StandardOutput);

        Assert.Equal("got", await lines.ReadLineAsync().WaitAsync(EngineFixture.Deadline));
        Assert.False(File.Exists(scratch.In("asked")));
        answer(Verdict.Continue);

        Assert.Equal("opened", await lines.ReadLineAsync().WaitAsync(EngineFixture.Deadline));
        Assert.Equal(0, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Code);
        Assert.Equal(1, advisor.Questions);
    }

    [Fact]
    public async Task A_guest_that_waits_for_an_answer_is_ended_by_a_signal()
    {
        using var scratch = new Scratch();
        var asked = new TaskCompletionSource<Action<Verdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var runner = Runner(new Later(asked, "/asked"), TimeSpan.FromMinutes(5));
        await using var sandbox = await runner.StartAsync(EngineFixture.Guest("takes_signal_in_call", scratch, "fatal"));
        await asked.Task.WaitAsync(EngineFixture.Deadline);
        sandbox.Signal(SIGUSR1);

        Assert.Equal(SIGUSR1, (await sandbox.Completion.WaitAsync(EngineFixture.Deadline)).Exit.Signal);
        Assert.False(File.Exists(scratch.In("asked")));
    }

    [Fact]
    public async Task An_advisor_that_throws_ends_the_session_as_faulted()
    {
        using var scratch = new Scratch();
        var run = await RunAsync(new Answers(static _ => throw new InvalidOperationException("scripted")), EngineFixture.Command(scratch, "/bin/sh", "-c", "echo x > f"));

        Assert.Equal(EndReason.Faulted, run.Result.Reason);
        Assert.False(File.Exists(scratch.In("f")));
    }

    private static SandboxRunner Runner(ICallAdvisor advisor, TimeSpan deadline) =>
        SandboxRunner.CreateStandalone(new SandboxRunnerOptions { Advisor = advisor, AdviceDeadline = deadline, LandlockAbi = LandlockMachine.Assumed });

    private static async Task<(string Output, SandboxResult Result)> RunAsync(ICallAdvisor advisor, SandboxSpec spec, TimeSpan? deadline = null)
    {
        await using var runner = Runner(advisor, deadline ?? TimeSpan.FromSeconds(30));
        await using var sandbox = await runner.StartAsync(spec with { StandardOutput = GuestStream.Piped });
        using var reader = new StreamReader(sandbox.StandardOutput);
        var output = await reader.ReadToEndAsync().WaitAsync(EngineFixture.Deadline);
        return (output, await sandbox.Completion.WaitAsync(EngineFixture.Deadline));
    }

    /// <summary>Answers from the pool; null: never.</summary>
    private sealed class Answers(Func<CallQuestion, Verdict?> rule) : ICallAdvisor
    {
        public ConcurrentBag<string> Operations { get; } = [];

        public void Ask(CallQuestion question, Action<Verdict> answer)
        {
            Operations.Add(question.Operation);
            if (rule(question) is { } verdict)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => answer(verdict), null);
            }
        }
    }

    /// <summary>Gives the answer to the first question about a file to a test, and lets all else by.</summary>
    private sealed class Later(TaskCompletionSource<Action<Verdict>> asked, string file = "/f") : ICallAdvisor
    {
        /// <summary>How many questions about the file there were.</summary>
        public int Questions { get; private set; }

        public void Ask(CallQuestion question, Action<Verdict> answer)
        {
            var isMeant = question.First.EndsWith(file, StringComparison.Ordinal);
            Questions += isMeant ? 1 : 0;
            if (!isMeant || !asked.TrySetResult(answer))
            {
                answer(Verdict.Continue);
            }
        }
    }
}
