using System.Globalization;
using Catbox.Policy;
using Catbox.Policy.Landlock;

namespace Catbox.Runtime.LinuxTests;

/// <summary>ioctl: what acts on one inode that may be changed is made, what acts on the whole file system is not, with Landlock and without.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class FileRequestTests(EngineFixture engine)
{
    private static readonly string[] s_whole =
    [
        "freeze", "thaw", "trim", "label", "shutdown", "resize", "group_add", "group_extend", "move_extents", "swap_boot", "migrate", "checkpoint", "set_uuid", "add_key",
        "path_to_handle", "open_by_handle", "swap_extents", "grow", "exchange_range", "subvolume", "snapshot_destroy", "destroy_by_id", "defragment", "defragment_range",
        "tree_search", "inode_lookup", "default_subvolume",
    ];

    private static readonly string[] s_inode = ["setflags", "setversion", "fssetxattr", "verity"];

    public static TheoryData<string> Whole => [.. s_whole];

    public static TheoryData<string> Inode => [.. s_inode];

    [SkippableTheory]
    [MemberData(nameof(Whole))]
    public async Task The_whole_file_system_is_not_asked_through_a_descriptor_of_a_writable_file(string request)
    {
        using var scratch = new Scratch();
        var file = Scratch.MakeFile(scratch.In("file"));
        foreach (var landlock in new[] { LandlockMode.Auto, LandlockMode.Off })
        {
            foreach (var path in new[] { file, scratch.Inside })
            {
                var run = await AskAsync(scratch, landlock, request, path);
                Assert.Equal($"{Errno.ENOTTY.Value}\n", run.Succeeded().HasViolations(1, "ioctl", path).Output);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Inode))]
    public async Task What_changes_an_inode_goes_by_where_that_lies(string request)
    {
        using var scratch = new Scratch();
        var (inside, outside) = (Scratch.MakeFile(scratch.In("file")), Scratch.MakeFile(scratch.Out("file")));
        var natively = Unconfined.RunGuest("file_requests", scratch.Inside, request, Scratch.MakeFile(scratch.In("other"))).Succeeded().Output;
        foreach (var landlock in new[] { LandlockMode.Auto, LandlockMode.Off })
        {
            Assert.Equal(natively, (await AskAsync(scratch, landlock, request, inside)).Succeeded().HasNoViolations().Output);
            var run = await AskAsync(scratch, landlock, request, outside);
            Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1, "ioctl", outside).Output);
        }
    }

    [SkippableTheory]
    [InlineData("clone")]
    [InlineData("clone_range")]
    [InlineData("clone_from_nothing")]
    [InlineData("zero_range")]
    [InlineData("getflags")]
    [InlineData("block_size")]
    [InlineData("dedupe")]
    public async Task What_reads_and_what_was_opened_for_it_is_as_outside(string request)
    {
        using var scratch = new Scratch();
        var (one, other) = (Scratch.MakeFile(scratch.In("one"), new string('x', 8192)), Scratch.MakeFile(scratch.In("other"), new string('x', 8192)));
        var natively = Unconfined.RunGuest("file_requests", scratch.Inside, request, one, other).Succeeded().Output;
        Assert.Equal(natively, (await AskAsync(scratch, LandlockMode.Auto, request, one, other)).Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task No_file_outside_is_the_target_of_a_deduplication()
    {
        using var scratch = new Scratch();
        var (inside, outside) = (Scratch.MakeFile(scratch.In("file"), new string('x', 8192)), Scratch.MakeFile(scratch.Out("file"), new string('x', 8192)));
        var run = await AskAsync(scratch, LandlockMode.Off, "dedupe", inside, outside);
        Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1, "ioctl", outside).Output);
    }

    [SkippableTheory]
    [InlineData("interface_flags")]
    [InlineData("wireless")]
    [InlineData("bridge")]
    [InlineData("device_private")]
    public async Task The_network_is_not_configured_through_a_socket(string request)
    {
        using var scratch = new Scratch();
        var policy = scratch.Policy with { Network = Policy.Rules.NetworkMode.On };
        var run = await engine.RunAsync(EngineFixture.Guest("file_requests", scratch, request, "socket") with { Policy = policy });
        Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1).Output);
        Assert.Equal($"{Errno.ENOTTY.Value}\n", (await AskAsync(scratch, LandlockMode.Auto, request, scratch.Inside)).Succeeded().HasNoViolations().Output);
    }

    [SkippableTheory]
    [InlineData("freeze")]
    [InlineData("unknown")]
    [InlineData("setflags")]
    [InlineData("dedupe")]
    [InlineData("wireless")]
    public async Task A_descriptor_that_is_none_is_EBADF_first(string request)
    {
        using var scratch = new Scratch();
        Assert.Equal($"{Errno.EBADF.Value}\n", (await AskAsync(scratch, LandlockMode.Auto, request, "none")).Succeeded().HasNoViolations().Output);
    }

    [SkippableTheory]
    [InlineData("unknown")]
    [InlineData("atomic_write")]
    public async Task What_nobody_knows_is_not_there_and_no_violation(string request)
    {
        using var scratch = new Scratch();
        foreach (var path in new[] { scratch.Inside, scratch.Outside, "/dev/null" })
        {
            Assert.Equal($"{Errno.ENOTTY.Value}\n", (await AskAsync(scratch, LandlockMode.Off, request, path)).Succeeded().HasNoViolations().Output);
        }
    }

    [SkippableTheory]
    [InlineData("map_query", "/proc/self/maps")]
    [InlineData("page_scan", "/proc/self/pagemap")]
    public async Task A_process_asks_of_its_own_memory_as_outside(string request, string path)
    {
        using var scratch = new Scratch();
        var natively = Unconfined.RunGuest("file_requests", scratch.Inside, request, path).Succeeded().Output;
        Assert.Equal(natively, (await AskAsync(scratch, LandlockMode.Auto, request, path)).Succeeded().HasNoViolations().Output);
    }

    [SkippableFact]
    public async Task The_pages_of_a_process_outside_are_not_scanned()
    {
        using var scratch = new Scratch();
        var pagemap = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/pagemap");
        Assert.Equal($"{Errno.ENOTTY.Value}\n", (await AskAsync(scratch, LandlockMode.Off, "page_scan", pagemap)).Succeeded().Output);
    }

    [SkippableTheory]
    [InlineData("entropy")]
    [InlineData("reseed")]
    public async Task Nothing_is_fed_to_the_random_device(string request)
    {
        using var scratch = new Scratch();
        var run = await AskAsync(scratch, LandlockMode.Off, request, "/dev/random");
        Assert.Equal($"{Errno.EPERM.Value}\n", run.Succeeded().HasViolations(1, "ioctl", "/dev/random").Output);
    }

    private Task<GuestRun> AskAsync(Scratch scratch, LandlockMode landlock, string request, params string[] paths) =>
        engine.RunAsync(EngineFixture.Guest("file_requests", scratch, [request, .. paths.Select(GuestString.FromString)]) with { Landlock = landlock });
}
