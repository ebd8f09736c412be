using System.Globalization;
using Catbox.Policy;

namespace Catbox.Runtime.LinuxTests;

/// <summary>The slots themselves: what they are in a guest's memory, who shares them, and that nothing in the guest can change or notice them.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class SlotTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task Nothing_in_the_guest_changes_a_slot()
    {
        SkipWithoutMseal();
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("tampers_with_slot", scratch)).Succeeded();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_was_made_in_a_slot_leaves_every_register_as_outside(bool withoutMseal)
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("all_registers", scratch, scratch.Out("x")) with { WithoutMseal = withoutMseal };
        (await engine.RunAsync(spec)).Succeeded().HasViolations(3, "openat", scratch.Out("x"));
    }

    [SkippableTheory]
    [InlineData(40, 50)]
    [InlineData(200, 5)]
    public async Task More_calls_are_under_way_than_slots_were_mapped_at_first(int threads, int times)
    {
        using var scratch = new Scratch();
        (await engine.RunGuestAsync("many_opens", scratch, Text(threads), Text(times))).Succeeded().HasNoViolations();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Processes_that_share_or_copy_their_memory_each_open_their_own_file(bool withoutMseal)
    {
        using var scratch = new Scratch();
        (await engine.RunAsync(EngineFixture.Guest("opens_in_shared_memory", scratch) with { WithoutMseal = withoutMseal })).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task Without_room_in_its_memory_limit_a_guest_gets_ENOMEM()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("opens_within_limit", scratch);
        Assert.Equal(Errno.ENOMEM.Value, int.Parse(run.Succeeded().Output, CultureInfo.InvariantCulture));
        Assert.False(File.Exists(scratch.In("file")));
    }

    [SkippableTheory]
    [InlineData("allows_all", 0)]
    [InlineData("refuses_mapping", 0)]
    [InlineData("refuses_openat2", 1)]
    public async Task A_filter_of_the_guests_own_meets_no_mapping_of_ours_and_decides_on_its_opens(string filter, int errno)
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("opens_under_own_filter", scratch, filter);
        Assert.Equal(errno, int.Parse(run.Succeeded().Output, CultureInfo.InvariantCulture));
        Assert.Equal(errno == 0, File.Exists(scratch.In("file")));
    }

    [SkippableFact]
    public async Task A_program_that_starts_under_a_filter_that_refuses_to_seal_opens_nothing_for_writing()
    {
        SkipWithoutMseal();
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("opens_under_own_filter", scratch, "refuses_mseal_and_executes");
        Assert.Equal(Errno.ENOMEM.Value, int.Parse(run.Succeeded().Output, CultureInfo.InvariantCulture));
        Assert.False(File.Exists(scratch.In("file")));
    }

    [SkippableFact]
    public async Task What_is_named_from_where_a_guest_stands_opens_though_it_may_not_search_the_way_there()
    {
        using var scratch = new Scratch();
        Unconfined.Run("chmod", ["a+rwx", scratch.Root, scratch.Inside]);
        (await engine.RunGuestAsync("opens_below_shut_directory", scratch)).Succeeded().HasNoViolations();
    }

    [SkippableFact]
    public async Task A_script_runs_though_its_interpreter_is_not_listed()
    {
        using var scratch = new Scratch();
        var script = Scratch.MakeFile(scratch.In("script"), "#! /bin/sh -e\nexit 3\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var launcher = Guests.Build("executes");
        var spec = EngineFixture.Command(scratch, launcher, script) with
        {
            Policy = scratch.Policy with { Executable = [script, launcher] },
        };
        (await engine.RunAsync(spec)).ExitedWith(3).HasNoViolations();
    }

    private static void SkipWithoutMseal() => Skip.IfNot(Engine.Seals, "mseal(2) is not there: Linux 6.10 or later");

    private static GuestString Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
