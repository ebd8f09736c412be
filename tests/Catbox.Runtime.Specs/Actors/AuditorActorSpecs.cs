using Akka.Actor;
using Akka.TestKit.Xunit2;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>What becomes of a session's trail.</summary>
public sealed class AuditorActorSpecs : TestKit
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Violations_are_in_the_result_in_the_order_in_which_they_happened()
    {
        var session = Start();
        for (var i = 0; i < 1000; i++)
        {
            Violate(session, $"/etc/{i}");
        }

        var result = await FinishAsync(session);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"/etc/{i}"), result.Violations.Select(violation => violation.ResolvedText));
        Assert.Equal(1000, result.ViolationCount);
    }

    [Fact]
    public async Task More_violations_than_are_kept_are_counted_and_told_all_the_same()
    {
        var told = 0;
        var session = Start(new SandboxHooks { Violation = _ => told++ }, spec => spec with { MaxViolationsKept = 3 });
        for (var i = 0; i < 10; i++)
        {
            Violate(session, $"/etc/{i}");
        }

        var result = await FinishAsync(session);

        Assert.Equal(["/etc/0", "/etc/1", "/etc/2"], result.Violations.Select(violation => violation.ResolvedText));
        Assert.Equal((10L, 10), (result.ViolationCount, told));
    }

    [Fact]
    public async Task Drafts_that_are_used_again_do_not_change_what_was_told()
    {
        var told = new TaskCompletionSource();
        var session = Start(new SandboxHooks { Violation = _ => told.TrySetResult() });
        Violate(session, "/etc/a-rather-long-name");
        await told.Task;
        Violate(session, "/b");

        Assert.Equal(["/etc/a-rather-long-name", "/b"], (await FinishAsync(session)).Violations.Select(violation => violation.ResolvedText));
    }

    [Fact]
    public async Task A_hook_that_throws_fails_its_own_session_and_says_which_it_was()
    {
        var session = Start(new SandboxHooks { Violation = _ => throw new InvalidOperationException("no disk") });
        Violate(session, "/etc/a");

        var result = await FinishAsync(session);

        Assert.Equal((EndReason.HookFailed, "hook Violation failed: no disk"), (result.Reason, result.Fault));
    }

    [Fact]
    public async Task A_hook_that_throws_leaves_the_next_session_alone()
    {
        var broken = Start(new SandboxHooks { Violation = _ => throw new InvalidOperationException() });
        var whole = Start();
        Violate(broken, "/etc/a");
        Violate(whole, "/etc/a");

        Assert.Equal(EndReason.Exited, (await FinishAsync(whole)).Reason);
        Assert.Equal(EndReason.HookFailed, (await FinishAsync(broken)).Reason);
    }

    [Fact]
    public async Task A_hook_that_throws_asks_for_the_end_of_its_session()
    {
        var session = Start(new SandboxHooks { Violation = _ => throw new InvalidOperationException() });
        session.Handle.Attach(TestActor);

        Violate(session, "/etc/a");

        Assert.Equal(EndReason.HookFailed, (await ExpectMsgAsync<Runtime.Actors.Protocol.SessionProtocol.Kill>()).Reason);
    }

    [Fact]
    public async Task Every_hook_is_told_what_it_is_for()
    {
        var told = new List<string>();
        var session = Start(new SandboxHooks
        {
            ProcessStarted = started => told.Add($"started {started.Pid}"),
            ProcessExecuted = executed => told.Add($"executed {executed.Executable}"),
            ProcessExited = exited => told.Add($"exited {exited.Status.Code}"),
            Violation = violation => told.Add($"violation {violation.Operation}"),
        });
        session.Context.Trail.Add(new AuditItem { Event = new ProcessStarted(7, 1, Noon, 0) });
        session.Context.Trail.Add(new AuditItem { Event = new ProcessExecuted(7, 1, Noon, "/bin/true", []) });
        Violate(session, "/etc/a");
        session.Context.Trail.Add(new AuditItem { Ended = Record(7, 1) });

        await FinishAsync(session);

        Assert.Equal(["started 7", "executed /bin/true", "violation openat", "exited 3"], told);
    }

    [Fact]
    public async Task The_result_sums_what_its_processes_cost_and_lists_them_by_generation()
    {
        var session = Start();
        session.Context.Trail.Add(new AuditItem { Ended = Record(8, 2) with { UserTime = TimeSpan.FromSeconds(2), PeakMemory = 1 << 20 } });
        session.Context.Trail.Add(new AuditItem { Ended = Record(7, 1) with { UserTime = TimeSpan.FromSeconds(1), SystemTime = TimeSpan.FromSeconds(4) } });

        var result = await FinishAsync(session);

        Assert.Equal([1L, 2L], result.Processes.Select(process => process.Generation));
        Assert.Equal(
            (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), 1L << 20, new ExitStatus(3, 0, false)),
            (result.UserTime, result.SystemTime, result.PeakMemory, result.Exit));
    }

    [Fact]
    public async Task A_session_without_a_process_has_a_result()
    {
        var result = await FinishAsync(Start());

        Assert.Equal((0L, 0L, TimeSpan.Zero), (result.ViolationCount, result.PeakMemory, result.UserTime));
        Assert.Empty(result.Processes);
    }

    [Fact]
    public async Task Readers_see_every_event_and_complete_with_the_session()
    {
        var session = Start();
        var readers = Enumerable.Range(0, 2).Select(_ => ReadAsync(session)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            Violate(session, $"/etc/{i}");
        }

        await FinishAsync(session);

        foreach (var events in await Task.WhenAll(readers))
        {
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/etc/{i}"), events.Cast<Violation>().Select(violation => violation.ResolvedText));
        }
    }

    [Fact]
    public async Task A_reader_that_comes_after_the_end_completes_at_once()
    {
        var session = Start();
        await FinishAsync(session);

        Assert.Empty(await ReadAsync(session));
    }

    [Fact]
    public async Task A_temporary_directory_goes_with_the_session_and_what_is_in_it_too()
    {
        var directory = new TemporaryDirectories().Make();
        var path = directory.Path.ToString();
        Directory.CreateDirectory(Path.Combine(path, "a"));
        await File.WriteAllTextAsync(Path.Combine(path, "a", "b"), "x");

        var result = await FinishAsync(Start(), directory);

        Assert.False(Directory.Exists(path));
        Assert.Null(result.Leftover);
    }

    [Fact]
    public async Task The_auditor_is_gone_after_the_result()
    {
        var session = new ScriptedSession();
        var actor = StartFor(session, null);
        Watch(actor);

        await FinishAsync(session);

        await ExpectTerminatedAsync(actor);
    }

    private ScriptedSession Start(SandboxHooks? hooks = null, Func<SandboxSpec, SandboxSpec>? change = null)
    {
        var session = new ScriptedSession(change: change);
        StartFor(session, hooks);
        return session;
    }

    private IActorRef StartFor(ScriptedSession session, SandboxHooks? hooks) =>
        Sys.ActorOf(AuditorActor.Props(session.Context.Trail, session.Context.Spec, hooks, session.Handle));

    private static void Violate(ScriptedSession session, string path)
    {
        var draft = session.Context.Trail.Rent();
        draft.Operation = "openat";
        draft.Errno = Errno.EACCES;
        draft.Subject = ViolationSubject.Write;
        var bytes = System.Text.Encoding.UTF8.GetBytes(path);
        draft.SetPaths(bytes, bytes);
        session.Context.Trail.Add(new AuditItem { Violation = draft });
    }

    private static ProcessRecord Record(int pid, long generation) => new(
        pid, generation, 0, 0, "/bin/true", [], Noon, Noon, new ExitStatus(3, 0, false), default, default, 0, 1);

    private static Task<SandboxResult> FinishAsync(ScriptedSession session, TemporaryDirectory? temporary = null)
    {
        var stops = new StopCounts();
        session.Context.Trail.Finish(new SessionEnd(EndReason.Exited, new ExitStatus(3, 0, false), default, stops, null, temporary));
        return session.Handle.Completion;
    }

    private static async Task<List<SandboxEvent>> ReadAsync(ScriptedSession session)
    {
        var events = new List<SandboxEvent>();
        await foreach (var happened in session.Handle.ReadEventsAsync())
        {
            events.Add(happened);
        }

        return events;
    }
}
