using Catbox.Policy.Tracees;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Tracees;

/// <summary>The life of a thread: what follows whatever happens, and the ways that a kernel takes.</summary>
public sealed class ThreadMachineTests
{
    private static readonly Gen<ThreadEvent> Event = Gen.Int[0, Enum.GetValues<ThreadEvent>().Length - 1].Select(i => (ThreadEvent)i);
    private static readonly Gen<ThreadEvent[]> Events = Event.Array[0, 40];

    /// <summary>The effects that make a stopped thread go on or stay listened to.</summary>
    private static readonly ThreadEffect[] Answers = [ThreadEffect.Resume, ThreadEffect.Deliver, ThreadEffect.Listen];

    [Fact]
    public void Every_phase_and_event_have_an_answer()
    {
        foreach (var phase in Enum.GetValues<ThreadPhase>())
        {
            foreach (var happened in Enum.GetValues<ThreadEvent>())
            {
                var (next, effect) = ThreadMachine.Step(phase, happened);
                Assert.True(Enum.IsDefined(next) && Enum.IsDefined(effect), $"{phase}, {happened}");
            }
        }
    }

    [Fact]
    public void Every_stop_of_a_living_thread_has_exactly_one_effect_that_ends_it() =>
        Steps((before, happened, _, effect) => before == ThreadPhase.Dead || happened is ThreadEvent.VerdictGiven or ThreadEvent.LeftToTracer or ThreadEvent.Asked or ThreadEvent.Waited or ThreadEvent.Exited
            || effect is ThreadEffect.Judge or ThreadEffect.Fault || Answers.Contains(effect));

    [Fact]
    public void The_dead_stay_dead() => Steps((before, _, after, _) => before != ThreadPhase.Dead || after == ThreadPhase.Dead);

    [Fact]
    public void Nobody_resumes_the_dead() => Steps((before, _, _, effect) => before != ThreadPhase.Dead || !Answers.Contains(effect));

    [Fact]
    public void An_exit_is_the_end_of_every_phase() =>
        Steps((_, happened, after, effect) => happened != ThreadEvent.Exited || (after == ThreadPhase.Dead && effect == ThreadEffect.Forget));

    [Fact]
    public void A_thread_in_a_call_goes_on_by_its_verdict_or_another_threads_exec_alone() =>
        Steps((before, happened, _, effect) => before is not (ThreadPhase.Judging or ThreadPhase.Asking) || !Answers.Contains(effect) || happened == ThreadEvent.Executed);

    [Fact]
    public void A_call_is_judged_where_a_thread_ran_or_its_advice_has_come_and_nowhere_else() =>
        Steps((before, happened, after, effect) =>
            effect == ThreadEffect.Judge == ((before is ThreadPhase.Running or ThreadPhase.Kept && happened == ThreadEvent.CallStopped)
                || (before == ThreadPhase.Asking && happened == ThreadEvent.Advised))
            && (effect != ThreadEffect.Judge || after == ThreadPhase.Judging));

    [Fact]
    public void What_is_said_of_a_call_is_no_stop_and_answers_nothing() =>
        Steps((_, happened, _, effect) => happened is not (ThreadEvent.LeftToTracer or ThreadEvent.Asked or ThreadEvent.Waited) || effect is ThreadEffect.None or ThreadEffect.Fault);

    [Fact]
    public void A_thread_that_waits_for_advice_comes_to_no_stop_but_its_end_or_anothers_exec() =>
        Steps((before, happened, _, effect) => before != ThreadPhase.Asking || effect == ThreadEffect.Fault
            || happened is ThreadEvent.Advised or ThreadEvent.Waited or ThreadEvent.Exited or ThreadEvent.Executed);

    [Fact]
    public void Advice_that_comes_twice_cannot_happen() =>
        Assert.Equal(ThreadEffect.Fault, Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.Asked, ThreadEvent.Advised, ThreadEvent.Advised).Effect);

    [Fact]
    public void A_call_that_is_left_to_the_tracer_may_come_again() =>
        Assert.Equal((ThreadPhase.Judging, ThreadEffect.Judge), Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.LeftToTracer, ThreadEvent.CallStopped));

    [Fact]
    public void A_call_that_is_left_to_the_tracer_has_no_verdict_any_more() =>
        Assert.Equal(ThreadEffect.Fault, Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.LeftToTracer, ThreadEvent.VerdictGiven).Effect);

    [Fact]
    public void A_fault_changes_nothing() => Steps((before, _, after, effect) => effect != ThreadEffect.Fault || after == before);

    [Fact]
    public void A_verdict_is_no_stop_and_answers_nothing() =>
        Steps((_, happened, _, effect) => happened != ThreadEvent.VerdictGiven || effect is ThreadEffect.None or ThreadEffect.Fault);

    [Fact]
    public void A_call_and_its_verdict_leave_a_running_thread() =>
        Assert.Equal(ThreadPhase.Running, Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.VerdictGiven).Phase);

    [Theory]
    [InlineData(ThreadEvent.Started, ThreadEffect.Resume, ThreadPhase.Running)]
    [InlineData(ThreadEvent.GroupStopped, ThreadEffect.Listen, ThreadPhase.GroupStopped)]
    [InlineData(ThreadEvent.SignalStopped, ThreadEffect.Deliver, ThreadPhase.Running)]
    internal void A_thread_may_begin_with_its_start_a_group_stop_or_a_signal(ThreadEvent first, ThreadEffect effect, ThreadPhase phase) =>
        Assert.Equal((phase, effect), ThreadMachine.Step(ThreadPhase.New, first));

    [Fact]
    public void A_second_start_cannot_happen() =>
        Assert.Equal(ThreadEffect.Fault, Run(ThreadPhase.New, ThreadEvent.Started, ThreadEvent.Started).Effect);

    [Fact]
    public void A_second_call_before_the_verdict_of_the_first_cannot_happen() =>
        Assert.Equal(ThreadEffect.Fault, Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.CallStopped).Effect);

    [Fact]
    public void A_verdict_that_comes_twice_cannot_happen() =>
        Assert.Equal(ThreadEffect.Fault, Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.VerdictGiven, ThreadEvent.VerdictGiven).Effect);

    [Fact]
    public void A_group_stop_ends_by_a_trap() =>
        Assert.Equal((ThreadPhase.Running, ThreadEffect.Resume), Run(ThreadPhase.Running, ThreadEvent.GroupStopped, ThreadEvent.Trapped));

    [Fact]
    public void A_group_stop_may_be_told_again() =>
        Assert.Equal((ThreadPhase.GroupStopped, ThreadEffect.Listen), Run(ThreadPhase.Running, ThreadEvent.GroupStopped, ThreadEvent.GroupStopped));

    [Theory]
    [InlineData(ThreadPhase.Running)]
    [InlineData(ThreadPhase.Judging)]
    [InlineData(ThreadPhase.Asking)]
    [InlineData(ThreadPhase.Kept)]
    [InlineData(ThreadPhase.GroupStopped)]
    internal void A_leader_is_taken_over_by_an_exec_whatever_it_was_doing(ThreadPhase phase) =>
        Assert.Equal((ThreadPhase.Running, ThreadEffect.Resume), ThreadMachine.Step(phase, ThreadEvent.Executed));

    [Fact]
    public void A_verdict_for_a_thread_that_died_meanwhile_does_nothing() =>
        Assert.Equal((ThreadPhase.Dead, ThreadEffect.None), Run(ThreadPhase.Running, ThreadEvent.CallStopped, ThreadEvent.Exited, ThreadEvent.VerdictGiven));

    private static (ThreadPhase Phase, ThreadEffect Effect) Run(ThreadPhase phase, params ReadOnlySpan<ThreadEvent> events)
    {
        var effect = ThreadEffect.None;
        foreach (var happened in events)
        {
            (phase, effect) = ThreadMachine.Step(phase, happened);
        }

        return (phase, effect);
    }

    /// <summary>A rule holds at every step of every sequence of events.</summary>
    private static void Steps(Func<ThreadPhase, ThreadEvent, ThreadPhase, ThreadEffect, bool> rule) =>
        Events.Sample(events =>
        {
            var phase = ThreadPhase.New;
            foreach (var happened in events)
            {
                var (next, effect) = ThreadMachine.Step(phase, happened);
                if (!rule(phase, happened, next, effect))
                {
                    throw new InvalidOperationException($"{phase} and {happened} gave {next} and {effect}");
                }

                phase = next;
            }
        });
}
