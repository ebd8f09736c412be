using System.Globalization;
using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.LinuxTests;

/// <summary>How slots come to be in a guest's memory: whatever the guest's side says or does until they are sealed, its calls go by pages that it cannot change, or are not made.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class PoolTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("seccomp", "mseal", "0", "ENOMEM")]
    [InlineData("prctl", "mseal", "0", "ENOMEM")]
    [InlineData("seccomp", "mseal", "1", "ENOMEM")]
    [InlineData("prctl", "mseal", "trap", "ENOMEM")]
    [InlineData("seccomp", "mseal", "trace", "none")]
    [InlineData("seccomp", "mmap", "0", "ENOMEM")]
    [InlineData("prctl", "mmap", "1", "ENOMEM")]
    [InlineData("seccomp", "mmap", "trap", "ENOMEM")]
    [InlineData("seccomp", "mmap", "trace", "none")]
    public async Task What_a_filter_answers_in_the_kernels_place_is_not_believed(string how, string call, string answer, string expected)
    {
        SkipWithoutMseal();
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(Sealing("answers_for_kernel", scratch, how, call, answer))).Succeeded();
        Assert.Equal(Number(expected), run.Output);
        Assert.Equal(expected == "none", File.Exists(scratch.In("file")));
    }

    [SkippableTheory]
    [InlineData("mseal")]
    [InlineData("mmap")]
    public async Task A_program_that_starts_under_a_filter_that_kills_for_sealing_ends_at_its_first_judged_call(string call)
    {
        SkipWithoutMseal();
        using var scratch = new Scratch();
        var run = await engine.RunAsync(Sealing("answers_for_kernel", scratch, "seccomp", call, "kill"));
        Assert.Equal(Signals.SIGSYS, run.Result.Exit.Signal);
        Assert.False(File.Exists(scratch.In("file")));
    }

    [SkippableTheory]
    [InlineData("pages", "ENOMEM")]
    [InlineData("pinned", "ENOMEM")]
    [InlineData("written", "ENOMEM")]
    [InlineData("writable", "ENOMEM")]
    [InlineData("shared", "ENOMEM")]
    [InlineData("file", "ENOMEM")]
    [InlineData("gone", "ENOMEM")]
    [InlineData("hole", "ENOMEM")]
    [InlineData("grows", "ENOMEM")]
    [InlineData("droppable", "ENOMEM")]
    [InlineData("dontfork", "ENOMEM")]
    [InlineData("wipeonfork", "ENOMEM")]
    [InlineData("guarded", "ENOMEM")]
    // Nothing is left of what was done: it is a pool like another.
    [InlineData("dropped", "none")]
    [InlineData("sealed", "none")]
    [InlineData("fork", "none")]
    public async Task What_is_done_to_a_pool_before_it_is_sealed_wins_nothing(string kind, string expected)
    {
        SkipWithoutMseal();
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(Sealing("exchanges_pool", scratch, kind))).Succeeded().HasNoViolations();
        Assert.Equal(Number(expected), run.Output);
        Assert.Equal(expected == "none", File.Exists(scratch.In("file")));
    }

    [SkippableTheory]
    [InlineData("as_usual", "none")]
    [InlineData("read_implies_exec", "none")]
    [InlineData("bottom_up", "none")]
    [InlineData("not_random", "none")]
    [InlineData("page_at_zero", "none")]
    [InlineData("locked", "none")]
    [InlineData("mergeable", "none")]
    [InlineData("without_huge_pages", "none")]
    [InlineData("sealed_neighbours", "none")]
    [InlineData("many_below", "none")]
    // A search for the pool ends somewhere.
    [InlineData("no_room_below", "ENOMEM")]
    public async Task Memory_that_is_not_laid_out_as_usual_has_slots_too(string what, string expected)
    {
        using var scratch = new Scratch();
        var run = (await engine.RunAsync(Sealing("opens_in_odd_memory", scratch, what))).Succeeded().HasNoViolations();
        Assert.Equal(Engine.Seals ? Number(expected) : "0", run.Output);
    }

    [SkippableTheory]
    [InlineData("20")]
    [InlineData("100")]
    public async Task A_filter_of_the_guests_own_that_kills_for_sealing_meets_enough_slots(string threads)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("waits_under_own_filter", scratch, threads)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task What_is_forked_while_others_open_files_opens_its_own()
    {
        using var scratch = new Scratch();
        (await engine.RunAsync(Sealing("forks_among_opens", scratch, "200"))).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [InlineData("stop")]
    [InlineData("handle")]
    [InlineData("kill")]
    public async Task A_first_open_that_is_interrupted_at_any_step_is_made_or_dies_with_its_process(string how)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("interrupted_at_first_open", scratch, how, "30")).Succeeded().HasNoViolations();
    }

    /// <summary>The guest looks at what its calls were made by; no other layer helps.</summary>
    private static SandboxSpec Sealing(string guest, Scratch scratch, params GuestString[] arguments)
    {
        var spec = EngineFixture.Guest(guest, scratch, arguments) with { Landlock = LandlockMode.Off };
        return Engine.Seals ? spec with { Environment = spec.Environment.Add("GUEST_SEALS", "yes") } : spec;
    }

    private static string Number(string errno) =>
        (errno == "ENOMEM" ? Errno.ENOMEM : Errno.None).Value.ToString(CultureInfo.InvariantCulture);

    private static void SkipWithoutMseal() => Skip.IfNot(Engine.Seals, "mseal(2) is not there: Linux 6.10 or later");
}
