using Catbox.Policy.Landlock;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Xunit;
using static Catbox.Policy.Landlock.LandlockBits;

namespace Catbox.Policy.Tests.Landlock;

/// <summary>What a policy becomes in Landlock's terms, by example.</summary>
public sealed class LandlockPlannerTests
{
    private static readonly ScriptedDisk Disk = new ScriptedDisk()
        .With("/w/sub").With("/w/file", FileKind.Regular).With("/w/link", FileKind.Symlink).With("/w/sock", FileKind.Socket).With("/tmp/catbox-1");

    [Fact]
    public void A_writable_directory_is_one_rule_with_every_right_to_write()
    {
        var plan = Floor.Of("/w", Disk);

        Assert.Equal(["/w"], plan.Directories());
        Assert.True(plan.Grants("/w/a/b", plan.HandledFiles));
        Assert.Equal([new LandlockExpression("/w", LandlockFit.Exact, "/w", "Landlock's rule is on the directory")], plan.Writable.ToArray());
        Assert.Empty(plan.WideDirectories);
    }

    [Theory]
    [InlineData("/w/file", "/w")]
    [InlineData("/w/link", "/w")]
    [InlineData("/w/sock", "/w")]
    [InlineData("/w/missing", "/w")]
    [InlineData("/nowhere", "/")]
    [InlineData("/w/sub/*.o", "/w/sub")]
    [InlineData("/w/s*", "/w")]
    [InlineData("~/w/sub/[a-z]+", "/w/sub")]
    [InlineData("~.*", "/")]
    public void What_is_no_directory_gets_the_nearest_one_as_its_outer_bound(string pattern, string directory)
    {
        var plan = Floor.Of(pattern, Disk);

        Assert.Equal((LandlockFit.OuterBound, directory), (plan.Writable[0].Fit, plan.Writable[0].Bound));
        Assert.Equal([directory], plan.WideDirectories.ToArray());
        Assert.Equal(directory == "/" ? [] : [directory], plan.Directories());
    }

    [Theory]
    [InlineData("/w/missing/deeper")]
    [InlineData("/w/link/below")]
    [InlineData("/w/gone/**/x")]
    [InlineData("~/gone/[a-z]+")]
    public void A_path_whose_directory_is_not_there_opens_nothing_and_is_left_out_by_the_judge_too(string pattern)
    {
        var plan = Floor.Of(pattern, Disk);

        Assert.Empty(plan.Directories());
        Assert.Equal([pattern], plan.Unreachable.ToArray());
        Assert.Equal([pattern], Floor.Of(new SandboxPolicy { Writable = [pattern] }, Disk, abi: 0).Unreachable.ToArray());
        Assert.Empty(Floor.Of(new SandboxPolicy { Writable = [pattern] }, Disk, mode: LandlockMode.Off).Unreachable);
    }

    [Fact]
    public void A_path_whose_directory_the_guest_may_make_is_reachable()
    {
        var plan = Floor.Of(new SandboxPolicy { Writable = ["/w/new/deeper", "/w"] }, Disk);

        Assert.Empty(plan.Unreachable);
        Assert.Equal((LandlockFit.OuterBound, "/w"), (plan.Writable[0].Fit, plan.Writable[0].Bound));
    }

    [Fact]
    public void A_device_gets_a_rule_of_its_own_that_lets_no_entry_be_changed()
    {
        var plan = Floor.Of("/dev/sda", Disk);

        Assert.Empty(plan.Directories());
        Assert.True(plan.Grants("/dev/sda", LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV));
    }

    [Fact]
    public void A_file_system_that_is_writable_as_a_whole_has_no_floor_under_its_files_but_the_scopes_stay()
    {
        var plan = Floor.Of("/", Disk);

        Assert.Equal(0ul, plan.HandledFiles);
        Assert.Empty(plan.Paths);
        Assert.NotNull(plan.WhyNoFiles);
        Assert.Null(plan.WhyNone);
        Assert.NotEqual(0ul, plan.Scoped);
    }

    [Fact]
    public void What_is_writable_without_asking_has_rules_and_a_device_that_is_not_there_has_none()
    {
        var plan = Floor.Of(new SandboxPolicy(), Disk, session: "/tmp/catbox-1");

        Assert.True(plan.Grants("/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE));
        Assert.True(plan.Grants("/dev/pts/7", LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_IOCTL_DEV));
        Assert.True(plan.Grants("/proc/12/comm", LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE));
        Assert.True(plan.Grants("/tmp/catbox-1/x", plan.HandledFiles));
        Assert.False(plan.Grants("/dev/full", LANDLOCK_ACCESS_FS_WRITE_FILE));
        Assert.False(plan.Grants("/dev/ptmx", LANDLOCK_ACCESS_FS_WRITE_FILE));
        Assert.False(plan.Grants("/tmp/other", LANDLOCK_ACCESS_FS_WRITE_FILE));
        Assert.Equal(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV, plan.StreamAccess);
    }

    [Fact]
    public void A_strict_policy_writes_nowhere_without_asking_and_may_still_ask_a_terminal_that_it_reads()
    {
        var plan = Floor.Of(new SandboxPolicy { Strict = true }, Disk, session: "/tmp/catbox-1");

        Assert.DoesNotContain(plan.Paths, static r => r.Access != LANDLOCK_ACCESS_FS_IOCTL_DEV);
        Assert.True(plan.Grants("/dev/tty", LANDLOCK_ACCESS_FS_IOCTL_DEV));
        Assert.Equal(0ul, plan.StreamAccess);
    }

    [Fact]
    public void Reading_and_executing_are_not_handled()
    {
        var plan = Floor.Of(new SandboxPolicy { Writable = ["/w"], Readable = ["/usr"], Executable = ["/usr/bin"], DenyRead = ["/w/sub"] }, Disk);

        Assert.Equal(0ul, plan.HandledFiles & (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE));
    }

    [Theory]
    [InlineData(2, 0x3ff2ul, false, false)]
    [InlineData(3, 0x7ff2ul, false, false)]
    [InlineData(4, 0x7ff2ul, true, false)]
    [InlineData(5, 0xfff2ul, true, false)]
    [InlineData(6, 0xfff2ul, true, true)]
    [InlineData(7, 0xfff2ul, true, true)]
    [InlineData(99, 0xfff2ul, true, true)]
    public void A_kernel_is_asked_for_what_it_knows(int abi, ulong files, bool tcp, bool scopes)
    {
        var plan = Floor.Of(new SandboxPolicy { Writable = ["/w"] }, Disk, abi);

        Assert.Equal((files, tcp, scopes), (plan.HandledFiles, plan.HandledNetwork != 0, plan.Scoped != 0));
        Assert.All(plan.Paths, r => Assert.Equal(0ul, r.Access & ~files));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_kernel_without_a_Landlock_that_can_rename_gets_no_domain_and_a_reason(int abi)
    {
        var plan = Floor.Of(new SandboxPolicy { Writable = ["/w"] }, Disk, abi);

        Assert.True(plan.IsEmpty);
        Assert.Empty(plan.Paths);
        Assert.NotNull(plan.WhyNone);
        Assert.Equal(LandlockFit.None, plan.Writable[0].Fit);
    }

    [Fact]
    public void Collect_only_gets_no_domain_since_it_lets_everything_through() =>
        Assert.True(Floor.Of(new SandboxPolicy { Writable = ["/w"], OnViolation = OnViolation.Log }, Disk).IsEmpty);

    [Fact]
    public void A_bad_pattern_is_the_error_that_compiling_gives() =>
        Assert.Contains("relative", Assert.Throws<PolicyException>(() => Floor.Of("w", Disk)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/w", "/w")]
    [InlineData("/w/sub", "/w/sub")]
    [InlineData("/w/file", "")]
    [InlineData("/w/missing", "")]
    public void A_writable_directory_has_to_stay_where_it_is(string writable, string pinned) =>
        Assert.Equal(pinned.Length == 0 ? [] : [pinned], Floor.Of(writable, Disk).PinnedPaths());

    [Fact]
    public void A_writable_directory_inside_another_need_not_stay() =>
        Assert.Equal(["/w"], Floor.Of(new SandboxPolicy { Writable = ["/w/sub", "/w"] }, Disk).PinnedPaths());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void What_has_to_stay_does_not_depend_on_the_kernel(int abi) =>
        Assert.Equal(["/w"], Floor.Of(new SandboxPolicy { Writable = ["/w"] }, Disk, abi).PinnedPaths());

    [Fact]
    public void Switched_off_nothing_of_the_policy_has_to_stay() =>
        Assert.Empty(Floor.Of(new SandboxPolicy { Writable = ["/w", "/dev/sda"] }, Disk, mode: LandlockMode.Off).PinnedPaths());

    [Theory]
    [InlineData(LandlockMode.Auto)]
    [InlineData(LandlockMode.Off)]
    public void The_usual_devices_are_written_and_not_taken_away(LandlockMode mode) =>
        Assert.Contains(Floor.Of(new SandboxPolicy(), Disk, mode: mode).Pinned, static p => p.AsSpan().SequenceEqual("/dev/null"u8));
}
